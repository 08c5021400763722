#include "gateway/quote_board.h"

#include <cctype>
#include <utility>

#include "gateway/ws_frames.h"
#include "libs/json/json_text.h"
#include "libs/json/json_writer.h"
#include "libs/money/money.h"
#include "libs/rpc/proto_types.h"

namespace papertape::gateway {
namespace {

using market_data::v1::Quote;

SharedFrame EncodeFrame(const Quote& quote, Timestamp time) {
  std::string text = R"({"type":"price_update","ticker":)";
  json::AppendString(quote.symbol(), text);
  text += R"(,"price":)";
  AppendDecimal(quote.price().micros(), text);
  text += R"(,"timestamp":")";
  AppendRfc3339(time, text);
  text += "\"}";
  std::string frame;
  AppendFrame(WsOpcode::kText, text, frame);
  return std::make_shared<const std::string>(std::move(frame));
}

}  // namespace

BoardChange QuoteBoard::Update(const market_data::v1::QuoteBatch& batch) {
  static const json::MessagePlan& plan = json::PlanOf(*Quote::descriptor());
  BoardChange change{.is_other_market = std::exchange(session_, batch.session()) != batch.session()};
  if (change.is_other_market) Forget();
  // Before the quotes: none of them is looked at by the clock of another session.
  market_.Follow(batch.clock_micros());
  change.prices.reserve(static_cast<std::size_t>(batch.quotes_size()));
  for (const Quote& quote : batch.quotes()) {
    Entry entry{.time = rpc::Decode(quote.timestamp()), .stale = quote.stale(), .source = quote.source()};
    json::WriteJson(plan, quote, entry.json);
    entry.frame = EncodeFrame(quote, entry.time);
    PriceUpdate update{quote.symbol(), entry.frame};
    Shard& shard = ShardOf(quote.symbol());
    const std::lock_guard lock(shard.mutex);
    Entry& kept = shard.entries[quote.symbol()];
    if (kept.frame != nullptr && entry.time < kept.time && entry.source == kept.source) continue;
    kept = std::move(entry);
    change.prices.push_back(std::move(update));
  }
  return change;
}

void QuoteBoard::Forget() {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.entries.clear();
  }
}

bool QuoteBoard::AppendJson(std::string_view symbol, std::string& out) const {
  const Shard& shard = ShardOf(symbol);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(symbol);
  if (found == shard.entries.end() || found->second.stale) return false;
  if (market_.Now() - found->second.time >= fresh_for_) return false;
  out += found->second.json;
  return true;
}

SharedFrame QuoteBoard::FrameOf(std::string_view symbol) const {
  const Shard& shard = ShardOf(symbol);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(symbol);
  return found == shard.entries.end() ? nullptr : found->second.frame;
}

std::string NormalSymbol(std::string_view symbol) {
  std::string normal(symbol);
  for (char& c : normal) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (normal.size() > 1 && normal.front() == '.') normal.front() = '^';
  return normal;
}

}  // namespace papertape::gateway
