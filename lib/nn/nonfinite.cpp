#include "nn/nonfinite.hpp"

#include "base/text.hpp"

namespace rnnlab {

std::string described(const NonFinite& place) {
  std::string text = place.tensor;
  if (!place.of.empty()) text += " of " + place.of;
  text += " is " + std::string(std::isnan(place.value) ? "nan" : place.value < 0 ? "-inf" : "inf");
  if (place.time >= 0) text += " at time step " + std::to_string(place.time);
  if (place.example >= 0) text += " of example " + std::to_string(place.example);
  return text;
}

}  // namespace rnnlab
