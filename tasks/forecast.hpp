#pragma once

#include "data/task.hpp"

namespace rnnlab {

/// The entry of forecasting a column of any CSV file in the list of tasks.
TaskEntry forecast_entry();

}  // namespace rnnlab
