#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/listing.hpp"
#include "train/instrument.hpp"

namespace rnnlab {

/// THE list of instruments.
const std::vector<Listing>& instrument_list();

/// Makes the instrument and declares its tables. The name must be one of the list.
std::unique_ptr<Instrument> make_instrument(const std::string& name, const RunShape&, Sink&);

}  // namespace rnnlab
