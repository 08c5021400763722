#include "services/market_data/rpc/tick_columns.h"

#include <algorithm>
#include <optional>

namespace papertape::market {
namespace {

// A source's number among those of the batch: there is one, or a handful.
std::uint32_t SourceOf(const std::string& source, pb::TickBatch& out) {
  for (int i = 0; i < out.sources_size(); ++i) {
    if (out.sources(i) == source) return static_cast<std::uint32_t>(i);
  }
  out.add_sources(source);
  return static_cast<std::uint32_t>(out.sources_size() - 1);
}

// The column's form of a price that lies `distance` away; 0 is none.
std::uint64_t StepOf(bool present, std::int64_t distance) {
  return present && distance >= 0 ? static_cast<std::uint64_t>(distance) + 1 : 0;
}

}  // namespace

std::uint32_t TickColumns::SubjectOf(const Quote& quote, pb::TickBatch& out) {
  auto found = rows_.find(std::string_view(quote.symbol));
  if (found == rows_.end()) found = rows_.emplace(quote.symbol, Row()).first;
  Row& row = found->second;
  const std::int64_t previous_close = quote.previous_close.micros();
  if (row.batch == batch_ && row.previous_close == previous_close &&
      out.sources(static_cast<int>(row.source)) == quote.source) {
    return row.number;
  }
  row = {.batch = batch_,
         .number = static_cast<std::uint32_t>(out.symbols_size()),
         .source = SourceOf(quote.source, out),
         .previous_close = previous_close};
  out.add_symbols(quote.symbol);
  out.add_subject_sources(row.source);
  out.add_previous_close_micros(previous_close);
  return row.number;
}

void TickColumns::Encode(const TapeBatch& batch, pb::TickBatch& out) {
  const std::vector<Quote>& quotes = batch.quotes;
  ++batch_;
  out.Clear();
  out.set_session(batch.moment.session);
  out.set_clock_micros(batch.moment.ClockMicros());
  const auto count = static_cast<int>(quotes.size());
  out.mutable_subjects()->Reserve(count);
  out.mutable_price_micros()->Reserve(count);
  out.mutable_time_steps_micros()->Reserve(count);
  const bool bids = std::any_of(quotes.begin(), quotes.end(), [](const Quote& quote) { return quote.bid.has_value(); });
  const bool asks = std::any_of(quotes.begin(), quotes.end(), [](const Quote& quote) { return quote.ask.has_value(); });
  if (bids) out.mutable_bid_steps_micros()->Reserve(count);
  if (asks) out.mutable_ask_steps_micros()->Reserve(count);
  std::int64_t before = 0;
  for (const Quote& quote : quotes) {
    const std::int64_t price = quote.price.micros();
    const std::int64_t time = MicrosSinceEpoch(quote.time);
    out.mutable_subjects()->AddAlreadyReserved(SubjectOf(quote, out));
    out.mutable_price_micros()->AddAlreadyReserved(price);
    out.mutable_time_steps_micros()->AddAlreadyReserved(time - before);
    before = time;
    if (bids) {
      out.mutable_bid_steps_micros()->AddAlreadyReserved(
          StepOf(quote.bid.has_value(), price - quote.bid.value_or(Price()).micros()));
    }
    if (asks) {
      out.mutable_ask_steps_micros()->AddAlreadyReserved(
          StepOf(quote.ask.has_value(), quote.ask.value_or(Price()).micros() - price));
    }
  }
}

std::string TickColumns::Serialize(const TapeBatch& batch) {
  Encode(batch, message_);
  return message_.SerializeAsString();
}

MarketMoment MomentOf(const std::string& serialized) {
  pb::TickBatch batch;
  if (!batch.ParseFromString(serialized) || batch.session() == 0) return {};
  return {.session = batch.session(), .clock = FromMicrosSinceEpoch(batch.clock_micros())};
}

}  // namespace papertape::market
