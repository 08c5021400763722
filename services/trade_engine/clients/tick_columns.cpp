#include "services/trade_engine/clients/tick_columns.h"

#include <algorithm>
#include <cstdint>

#include "libs/status/status.h"

namespace papertape::trade_engine {
namespace {

using market_data::v1::TickBatch;

bool FitTogether(const TickBatch& batch) {
  const int subjects = batch.symbols_size();
  const int ticks = batch.subjects_size();
  const auto optional_column = [ticks](int size) { return size == 0 || size == ticks; };
  const auto below = [](int count) { return [count](std::uint32_t index) { return index < std::uint32_t(count); }; };
  return batch.subject_sources_size() == subjects && batch.price_micros_size() == ticks &&
         batch.time_steps_micros_size() == ticks && optional_column(batch.bid_steps_micros_size()) &&
         optional_column(batch.ask_steps_micros_size()) &&
         std::all_of(batch.subject_sources().begin(), batch.subject_sources().end(), below(batch.sources_size())) &&
         std::all_of(batch.subjects().begin(), batch.subjects().end(), below(subjects));
}

}  // namespace

absl::Status AppendTicks(const TickBatch& batch, std::vector<Quote>& out) {
  if (!FitTogether(batch)) return Error(Reason::kINTERNAL, "the columns of the ticks do not fit together");
  const bool bids = batch.bid_steps_micros_size() > 0;
  const bool asks = batch.ask_steps_micros_size() > 0;
  out.reserve(out.size() + static_cast<std::size_t>(batch.subjects_size()));
  std::int64_t time = 0;
  for (int i = 0; i < batch.subjects_size(); ++i) {
    const auto subject = static_cast<int>(batch.subjects(i));
    const std::int64_t price = batch.price_micros(i);
    time += batch.time_steps_micros(i);
    Quote& quote = out.emplace_back();
    quote.symbol = batch.symbols(subject);
    quote.source = batch.sources(static_cast<int>(batch.subject_sources(subject)));
    quote.last = Price::FromMicros(price);
    quote.time = FromMicrosSinceEpoch(time);
    if (const auto step = bids ? static_cast<std::int64_t>(batch.bid_steps_micros(i)) : 0; step > 0) {
      quote.bid = Price::FromMicros(price - (step - 1));
    }
    if (const auto step = asks ? static_cast<std::int64_t>(batch.ask_steps_micros(i)) : 0; step > 0) {
      quote.ask = Price::FromMicros(price + (step - 1));
    }
  }
  return absl::OkStatus();
}

}  // namespace papertape::trade_engine
