#include "services/trade_engine/rpc/event_digest.h"

#include <array>
#include <iterator>
#include <string_view>

#include "fmt/format.h"
#include "libs/ids/hex.h"
#include "libs/money/money.h"

namespace papertape::trade_engine {
namespace {

// The place of `key` among those that came; a new one gets the next.
template <class Places, class Key>
std::size_t PlaceOf(Places& places, const Key& key) {
  return places.try_emplace(key, places.size() + 1).first->second;
}

std::string Amount(bool is_set, const type::v1::Decimal& decimal) {
  return is_set ? FormatDecimal(decimal.micros()) : "-";
}

void AppendTrade(const v1::Trade& trade, std::size_t place, std::string& line) {
  fmt::format_to(std::back_inserter(line), " t{} {} {} {} {} stop {} target {} {} exit {} {} {}", place, trade.symbol(),
                 v1::TradeType_Name(trade.trade_type()), FormatDecimal(trade.quantity().micros()),
                 FormatDecimal(trade.entry_price().micros()), Amount(trade.has_stop_loss(), trade.stop_loss()),
                 Amount(trade.has_target_price(), trade.target_price()), v1::TradeStatus_Name(trade.status()),
                 Amount(trade.has_exit_price(), trade.exit_price()),
                 trade.exit_reason().empty() ? std::string_view("-") : std::string_view(trade.exit_reason()),
                 Amount(trade.has_pnl(), trade.pnl()));
}

}  // namespace

EventDigest::EventDigest() : hash_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  EVP_DigestInit_ex(hash_.get(), EVP_sha256(), nullptr);
}

void EventDigest::Add(std::int64_t user_id, Timestamp time, const v1::TradingEvent& event) {
  const std::string line = LineOf(user_id, time, event);
  EVP_DigestUpdate(hash_.get(), line.data(), line.size());
  ++events_;
}

std::string EventDigest::LineOf(std::int64_t user_id, Timestamp time, const v1::TradingEvent& event) {
  const v1::Portfolio& account = event.portfolio();
  std::string line =
      fmt::format("{} a{} {} {} {} {}", v1::TradingEvent::Kind_Name(event.kind()), PlaceOf(accounts_, user_id),
                  FormatRfc3339(time), FormatDecimal(account.available_margin().micros()),
                  FormatDecimal(account.utilized_margin().micros()), FormatDecimal(account.total_pnl().micros()));
  if (event.has_trade()) AppendTrade(event.trade(), PlaceOf(trades_, event.trade().trade_id()), line);
  line += '\n';
  return line;
}

std::string EventDigest::Finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(hash_.get(), digest.data(), &size);
  return ToHex(std::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

}  // namespace papertape::trade_engine
