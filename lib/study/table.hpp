#pragma once

#include <string>
#include <vector>

namespace rnnlab {

/// Rows as lines of columns, padded to the widest cell; the first row is the heading.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

/// The same as comma-separated values, quoted where they must be (RFC 4180, lines end with \n).
std::string csv(const std::vector<std::vector<std::string>>& rows);

/// The same as a Markdown table.
std::string markdown(const std::vector<std::vector<std::string>>& rows);

/// A number for people; a dash for NaN.
std::string number_or_dash(double value);

}  // namespace rnnlab
