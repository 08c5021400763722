#include "services/market_data/rpc/market_messages.h"

#include <utility>

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "services/market_data/domain/bar_cursor.h"
#include "services/market_data/rpc/bar_messages.h"

namespace papertape::market {
namespace {

constexpr std::size_t kMaxFilterBytes = 100;
void Encode(const Bar& bar, bool dated, pb::Bar& out) {
  out.set_date(NameOf(bar.time, dated));
  rpc::Encode(bar.open, out.mutable_open());
  rpc::Encode(bar.high, out.mutable_high());
  rpc::Encode(bar.low, out.mutable_low());
  rpc::Encode(bar.close, out.mutable_close());
  out.set_volume(bar.volume);
  rpc::Encode(bar.adjusted_close, out.mutable_adjusted_close());
}

}  // namespace

absl::StatusOr<InstrumentFilter> Decode(const pb::ListStocksRequest& request) {
  Violations wrong;
  for (const auto& [field, value] : {std::pair("search", &request.search()), std::pair("sector", &request.sector()),
                                     std::pair("exchange", &request.exchange())}) {
    wrong.Check(value->size() <= kMaxFilterBytes, field, "must be at most 100 bytes long");
  }
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  const rpc::Page page = rpc::PageOf(request);
  return InstrumentFilter{.search = request.search(),
                          .sector = request.sector(),
                          .exchange = request.exchange(),
                          .offset = page.offset,
                          .limit = page.size};
}

absl::StatusOr<BarQuery> Decode(const pb::ListPricesRequest& request) {
  Violations wrong;
  BarQuery query = DecodeBars(request, wrong);
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  return query;
}

void Encode(const Quote& quote, bool stale, pb::Quote& out) {
  out.set_symbol(quote.symbol);
  rpc::Encode(quote.price, out.mutable_price());
  rpc::Encode(quote.time, out.mutable_timestamp());
  if (quote.bid) rpc::Encode(*quote.bid, out.mutable_bid());
  if (quote.ask) rpc::Encode(*quote.ask, out.mutable_ask());
  if (!quote.previous_close.is_zero()) rpc::Encode(quote.Change(), out.mutable_change());
  out.set_change_percent(quote.ChangePercent());
  out.set_source(quote.source);
  out.set_stale(stale);
}

void Encode(const Instrument& instrument, pb::Stock& out) {
  out.set_symbol(instrument.symbol);
  out.set_name(instrument.name);
  out.set_exchange(instrument.exchange);
  out.set_sector(instrument.sector);
  out.set_industry(instrument.industry);
  out.set_currency(instrument.currency);
  out.set_active(instrument.active);
}

void Encode(const BarQuery& query, const BarPage& page, pb::ListPricesReply& out) {
  out.set_symbol(query.symbol);
  out.set_interval(std::string(IntervalName(query.interval)));
  out.set_source(page.source);
  for (const Bar& bar : page.bars) Encode(bar, IsDated(query.interval), *out.add_prices());
  if (page.resume) out.set_next_cursor(MakeBarCursor(query.symbol, query.interval, *page.resume));
}

void Encode(const LatestPrice& latest, const QuoteBook& book, pb::Latest& out) {
  out.set_symbol(latest.symbol);
  out.set_stale(!latest.quote || book.IsStale(*latest.quote));
  if (latest.quote) {
    rpc::Encode(latest.quote->price, out.mutable_price());
    rpc::Encode(latest.quote->time, out.mutable_timestamp());
    out.set_source(latest.quote->source);
  }
  if (latest.bar) Encode(*latest.bar, true, *out.mutable_bar());
  if (latest.bar) out.set_bar_source(latest.bar_source);
}

}  // namespace papertape::market
