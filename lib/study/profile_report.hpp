#pragma once

#include <string>

#include "train/trainer.hpp"

namespace rnnlab {

/// The largest resident set of this process so far, in MiB.
double peak_rss_mb();

/// {"ms_per_step": …, "phases": {name: milliseconds}, "peak_rss_mb": …}
std::string profile_json(const Profile&, double peak_rss_mb);

/// The same as a table for people.
std::string profile_table(const Profile&, double peak_rss_mb);

}  // namespace rnnlab
