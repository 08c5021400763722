#include "services/notification/domain/wording.h"

#include "fmt/format.h"

namespace papertape::notification {
namespace {

// How the journal dialect says it.
constexpr std::string_view kStopTriggered = "Stop loss triggered";
constexpr std::string_view kTargetReached = "Target price reached";

// "profit $55.00", "loss $12.00" or "no profit or loss".
std::string Outcome(Money pnl) {
  if (pnl.is_zero()) return "no profit or loss";
  return pnl > Money() ? "profit " + InDollars(pnl) : "loss " + InDollars(-pnl);
}

std::string Opened(const TradeFacts& trade) {
  std::string text = fmt::format("{} {} {} at {}", trade.is_long ? "Bought" : "Sold short", Format(trade.quantity),
                                 trade.symbol, InDollars(trade.entry_price));
  if (trade.stop_loss) text += fmt::format(", stop {}", InDollars(*trade.stop_loss));
  if (trade.target_price) text += fmt::format(", target {}", InDollars(*trade.target_price));
  return text;
}

std::string Exited(const TradeFacts& trade) {
  return fmt::format("{} {} {} at {}: {}", trade.is_long ? "Sold" : "Bought back", Format(trade.quantity), trade.symbol,
                     InDollars(trade.exit_price), Outcome(trade.pnl));
}

// A trade that closed by itself: an entry and an alert.
Draft AutoClosed(const TradingNews& news, std::string_view title, std::string_view what) {
  const TradeFacts& trade = *news.trade;
  const Alert alert{.ticker = trade.symbol,
                    .trade_id = trade.trade_id,
                    .message = fmt::format("{} for {} at {}", what, trade.symbol, InDollars(trade.exit_price))};
  return {.user_id = news.user_id,
          .type = "trade_auto_closed",
          .title = fmt::format("{}: {}", title, trade.symbol),
          .message = fmt::format("{}: {}", alert.message, Outcome(trade.pnl)),
          .data = news.data,
          .alert = alert};
}

// "$2.50 credited".
std::string Settled(Money amount) {
  return amount < Money() ? InDollars(-amount) + " debited" : InDollars(amount) + " credited";
}

std::string Late(const AdjustmentFacts& adjustment) { return adjustment.late ? " (applied late)" : ""; }

std::string Split(const TradeFacts& trade, const AdjustmentFacts& adjustment) {
  const std::string text = fmt::format("{} split {} for {}{}: ", trade.symbol, Format(adjustment.new_shares),
                                       Format(adjustment.old_shares), Late(adjustment));
  if (adjustment.after_close) {
    return text + fmt::format("{} for the shares that your closed trade did not count", Settled(adjustment.amount));
  }
  std::string now =
      fmt::format("your {} at {} are {} at {} now", Format(adjustment.quantity_before),
                  InDollars(adjustment.entry_price_before), Format(trade.quantity), InDollars(trade.entry_price));
  if (trade.stop_loss) now += fmt::format(", stop {}", InDollars(*trade.stop_loss));
  if (trade.target_price) now += fmt::format(", target {}", InDollars(*trade.target_price));
  return text + now;
}

std::string Dividend(const TradeFacts& trade, const AdjustmentFacts& adjustment) {
  return fmt::format("{} paid {} a share{}: {} for {} {}", trade.symbol, InDollars(adjustment.per_share),
                     Late(adjustment), Settled(adjustment.amount), Format(adjustment.quantity_before),
                     trade.is_long ? "held" : "sold short");
}

Draft Tell(const TradingNews& news) {
  switch (news.kind) {
    case NewsKind::kAccountOpened:
      return {.user_id = news.user_id,
              .type = "portfolio_created",
              .title = "Paper account opened",
              .message = fmt::format("Your paper account is open with {}", InDollars(news.available_margin)),
              .data = news.data};
    case NewsKind::kTradeOpened:
      return {.user_id = news.user_id,
              .type = "trade_created",
              .title = "Trade opened: " + news.trade->symbol,
              .message = Opened(*news.trade),
              .data = news.data};
    case NewsKind::kTradeExited:
      return {.user_id = news.user_id,
              .type = "trade_exited",
              .title = "Trade closed: " + news.trade->symbol,
              .message = Exited(*news.trade),
              .data = news.data};
    case NewsKind::kStopLossHit:
      return AutoClosed(news, "Stop loss hit", kStopTriggered);
    case NewsKind::kTargetHit:
      return AutoClosed(news, "Target hit", kTargetReached);
    case NewsKind::kSplitApplied:
      return {.user_id = news.user_id,
              .type = "split_applied",
              .title = "Split: " + news.trade->symbol,
              .message = Split(*news.trade, news.adjustment),
              .data = news.data};
    case NewsKind::kDividendPaid:
      return {.user_id = news.user_id,
              .type = "dividend_paid",
              .title = "Dividend: " + news.trade->symbol,
              .message = Dividend(*news.trade, news.adjustment),
              .data = news.data};
  }
  return {};
}

// What happened in a replay says so, and when.
Draft AtTime(std::optional<Timestamp> replayed, Draft draft) {
  if (!replayed) return draft;
  const std::string when = fmt::format("Replay of {}: ", FormatRfc3339(*replayed));
  draft.title.insert(0, "Replay: ");
  draft.message.insert(0, when);
  if (draft.alert) draft.alert->message.insert(0, when);
  return draft;
}

}  // namespace

std::string InDollars(std::int64_t micros) {
  std::string text = "$" + FormatDecimal(micros);
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text + ".00";
  if (text.size() - point < 3) text.push_back('0');
  return text;
}

Draft Compose(const TradingNews& news) { return AtTime(news.replayed, Tell(news)); }

Draft Compose(const JournalNews& news) {
  const Alert alert{.ticker = news.symbol,
                    .trade_id = news.trade_id,
                    .message = fmt::format("{} for {} at {}", news.is_stop ? kStopTriggered : kTargetReached,
                                           news.symbol, InDollars(news.price))};
  return AtTime(news.replayed, {.user_id = news.user_id,
                                .type = "trade_alert",
                                .title = fmt::format(
                                    "{}: {}", news.is_stop ? "Stop loss reached" : "Target price reached", news.symbol),
                                .message = alert.message,
                                .data = news.data,
                                .alert = alert});
}

Draft Compose(const AccountNews& news) {
  const std::string because = news.reason.empty() ? "" : ": " + news.reason;
  Draft draft{.user_id = news.user_id, .type = "kyc_reviewed", .data = news.data};
  switch (news.kind) {
    case AccountNewsKind::kKycSubmitted:
      draft.type = "kyc_submitted";
      draft.title = "Documents received";
      draft.message = "Your documents are being reviewed";
      break;
    case AccountNewsKind::kKycApproved:
      draft.title = "Documents approved";
      draft.message = "Your documents are approved" + because;
      break;
    case AccountNewsKind::kKycRejected:
      draft.title = "Documents rejected";
      draft.message = "Your documents were rejected" + because;
      break;
  }
  return draft;
}

}  // namespace papertape::notification
