// Whatever is asked for as features: it means something or is refused with words, and what it means can be asked for
// again by its name.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "libs/indicators/feature.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace papertape::indicators;
  const FeatureList list = ParseFeatures({reinterpret_cast<const char*>(data), size});
  if (list.features.size() > kMaxFeatures) std::abort();
  if (!list.fault.empty() && !list.features.empty()) std::abort();
  for (const char c : list.fault) {
    if (c < ' ' || c > '~') std::abort();  // it goes into an answer
  }
  for (const Feature& feature : list.features) {
    const std::span given = std::span(feature.parameters).first(feature.indicator->parameters.size());
    if (!FaultOf(*feature.indicator, given).empty()) std::abort();
    if (feature.name.size() > kMaxFeatureBytes) continue;  // an output's name put into one as long as may be
    const FeatureList again = ParseFeatures(feature.name);
    if (again.features.size() != 1) std::abort();
    const Feature& same = again.features[0];
    if (same.parameters != feature.parameters || same.output != feature.output || same.source != feature.source) {
      std::abort();
    }
  }
  return 0;
}
