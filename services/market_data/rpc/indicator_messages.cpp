#include "services/market_data/rpc/indicator_messages.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "services/market_data/domain/bar_cursor.h"
#include "services/market_data/rpc/bar_messages.h"

namespace papertape::market {
namespace {

constexpr std::size_t kMaxListBytes = indicators::kMaxFeatures * (indicators::kMaxFeatureBytes + 2);
constexpr std::int64_t kMaxValues = 100'000;  // what an answer may hold: about 3 MB

bool ContainsInAnyCase(std::string_view text, std::string_view part) {
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

void Encode(const indicators::Indicator& indicator, pb::Indicator& out) {
  out.set_name(std::string(indicator.name));
  out.set_title(std::string(indicator.title));
  out.set_family(std::string(NameOf(indicator.family)));
  for (const indicators::Parameter& parameter : indicator.parameters) {
    pb::IndicatorParameter& encoded = *out.add_parameters();
    encoded.set_name(std::string(parameter.name));
    encoded.set_default_value(parameter.initial);
    encoded.set_minimum(parameter.least);
    encoded.set_maximum(parameter.most);
    encoded.set_whole(parameter.whole);
  }
  for (const indicators::Input input : indicator.inputs) out.add_inputs(std::string(NameOf(input)));
  for (const std::string& name : indicators::FeatureNames(indicator)) out.add_features(name);
  out.set_look_back(static_cast<std::int32_t>(indicator.look_back(indicators::WithDefaults(indicator))));
  if (!indicator.talib.empty()) out.set_talib(std::string(indicator.talib));
  out.set_formula(std::string(indicator.formula));
  out.set_source(std::string(indicator.source));
}

std::vector<indicators::Feature> DecodeFeatures(const std::string& list, Violations& wrong) {
  if (!wrong.Check(list.size() <= kMaxListBytes, "indicators",
                   "must be at most " + std::to_string(kMaxListBytes) + " bytes long")) {
    return {};
  }
  indicators::FeatureList parsed = indicators::ParseFeatures(list);
  wrong.Check(parsed.fault.empty(), "indicators", parsed.fault);
  if (!parsed.features.empty() || !parsed.fault.empty()) return std::move(parsed.features);
  return indicators::ParseFeatures(indicators::DefaultFeatures()).features;
}

}  // namespace

absl::StatusOr<FeatureQuery> Decode(const pb::ListFeaturesRequest& request) {
  Violations wrong;
  FeatureQuery query{.bars = DecodeBars(request, wrong), .features = DecodeFeatures(request.indicators(), wrong)};
  const auto width = static_cast<std::int64_t>(std::max<std::size_t>(query.features.size(), 1));
  wrong.Check(query.bars.limit * width <= kMaxValues || query.bars.limit > kMaxValues, "limit",
              "must be at most " + std::to_string(kMaxValues / width) + " with this many indicators");
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  return query;
}

void Encode(const FeatureQuery& query, const FeaturePage& page, pb::ListFeaturesReply& out) {
  out.set_symbol(query.bars.symbol);
  out.set_interval(std::string(IntervalName(query.bars.interval)));
  out.set_source(page.rows.source);
  for (const indicators::Feature& feature : query.features) out.add_indicators(feature.name);
  for (std::size_t row = 0; row < page.rows.bars.size(); ++row) {
    pb::FeatureRow& encoded = *out.add_features();
    encoded.set_date(NameOf(page.rows.bars[row].time, IsDated(query.bars.interval)));
    for (std::size_t i = 0; i < query.features.size(); ++i) {
      (*encoded.mutable_values())[query.features[i].name] = page.columns[i][row];
    }
  }
  if (page.rows.resume) {
    out.set_next_cursor(MakeBarCursor(query.bars.symbol, query.bars.interval, *page.rows.resume));
  }
}

void EncodeIndicators(const std::string& search, pb::ListIndicatorsReply& out) {
  for (const indicators::Indicator& indicator : indicators::Registry()) {
    if (!indicators::IsOfOneSymbol(indicator)) continue;
    if (!ContainsInAnyCase(indicator.name, search) && !ContainsInAnyCase(indicator.title, search)) continue;
    Encode(indicator, *out.add_indicators());
  }
  for (const indicators::Feature& feature : indicators::ParseFeatures(indicators::DefaultFeatures()).features) {
    out.add_default_features(feature.name);
  }
}

}  // namespace papertape::market
