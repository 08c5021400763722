#include "services/trade_engine/domain/types.h"

#include <array>

namespace papertape::trade_engine {
namespace {

constexpr std::array<std::string_view, 2> kSides{"BUY", "SELL"};
constexpr std::array<std::string_view, 5> kStatuses{"ACTIVE", "CLOSED", "STOP_LOSS_HIT", "TARGET_HIT", "MARGIN_CLOSED"};
constexpr std::array<std::string_view, 4> kReasons{"manual", "exit_all", "stop_loss", "target_price"};
constexpr std::array<std::string_view, 6> kBooks{"deposit", "cash", "margin", "pnl", "fees", "dividends"};

template <class Enum, std::size_t N>
std::optional<Enum> Find(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view Name(Side side) { return kSides[static_cast<std::size_t>(side)]; }
std::string_view Name(TradeStatus status) { return kStatuses[static_cast<std::size_t>(status)]; }
std::string_view Name(ExitReason reason) { return kReasons[static_cast<std::size_t>(reason)]; }
std::string_view Name(LedgerBook book) { return kBooks[static_cast<std::size_t>(book)]; }
std::optional<Side> ParseSide(std::string_view name) { return Find<Side>(kSides, name); }
std::optional<TradeStatus> ParseTradeStatus(std::string_view name) { return Find<TradeStatus>(kStatuses, name); }
std::optional<ExitReason> ParseExitReason(std::string_view name) { return Find<ExitReason>(kReasons, name); }
std::optional<LedgerBook> ParseLedgerBook(std::string_view name) { return Find<LedgerBook>(kBooks, name); }

}  // namespace papertape::trade_engine
