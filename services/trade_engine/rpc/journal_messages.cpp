#include "services/trade_engine/rpc/journal_messages.h"

#include <algorithm>

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "papertape/trade_engine/v1/journal_event.pb.h"
#include "services/trade_engine/rpc/amounts.h"
#include "services/trade_engine/rpc/trade_messages.h"
#include "services/trade_engine/rpc/written_text.h"

namespace papertape::trade_engine {
namespace {

constexpr std::int64_t kFirstSecond = -2'208'988'800;  // 1900
constexpr std::int64_t kLastSecond = 32'503'680'000;   // 3000
constexpr std::int64_t kMostRows = 1'000;
constexpr std::size_t kSearchLength = 100;

std::optional<Timestamp> DecodeDate(bool is_set, const google::protobuf::Timestamp& date, std::string_view field,
                                    Violations& violations) {
  if (!is_set) return std::nullopt;
  const bool fits = date.seconds() >= kFirstSecond && date.seconds() < kLastSecond;
  if (!violations.Check(fits, field, "must be from 1900 to 2999")) return std::nullopt;
  return rpc::Decode(date);
}

std::optional<TradeKind> DecodeKind(const std::string& kind, Violations& violations) {
  if (kind.empty()) return std::nullopt;
  violations.Check(kind == "paper" || kind == "journal", "kind", "must be paper or journal");
  return kind == "paper" ? TradeKind::kPaper : TradeKind::kJournal;
}

// The texts that a trade is written down with and changed in. `take` is told each that the request names.
template <class Request, class Take>
void DecodeTexts(const Request& request, Violations& violations, Take take) {
  take("setup_id", request.setup_id(), &NotesChange::setup_id);
  take("market_conditions", request.market_conditions(), &NotesChange::market_conditions);
  take("emotions", request.emotions(), &NotesChange::emotions);
  take("notes", request.notes(), &NotesChange::notes);
  CheckText(request.market_conditions(), kLongText, "market_conditions", violations);
  CheckText(request.emotions(), kLongText, "emotions", violations);
  CheckText(request.notes(), kLongText, "notes", violations);
}

// Empty texts are absent in a message.
template <class Message>
void EncodeNotes(const TradeNotes& notes, Message& out) {
  if (!notes.setup_id.empty()) out.set_setup_id(notes.setup_id);
  if (!notes.market_conditions.empty()) out.set_market_conditions(notes.market_conditions);
  if (!notes.emotions.empty()) out.set_emotions(notes.emotions);
  if (!notes.notes.empty()) out.set_notes(notes.notes);
  if (!notes.lessons_learned.empty()) out.set_lessons_learned(notes.lessons_learned);
  out.clear_tags();
  EncodeTags(notes.tags, *out.mutable_tags());
}

template <class Message>
void EncodeWatch(const JournalEntry& entry, Message& out) {
  if (entry.alerted_at) rpc::Encode(*entry.alerted_at, out.mutable_alerted_at());
  if (!entry.excursion) return;
  rpc::Encode(entry.excursion->adverse, out.mutable_mae());
  rpc::Encode(entry.excursion->favorable, out.mutable_mfe());
  out.set_excursion_gap(entry.excursion->gap);
}

}  // namespace

absl::StatusOr<JournalEntry> Decode(const rpc::Call& call, const v1::CreateJournalTradeRequest& request,
                                    Timestamp now) {
  Violations violations;
  JournalEntry entry{.armed_at = now};
  Trade& trade = entry.trade;
  trade.user_id = call.caller.user_id;
  trade.symbol = ToSymbol(request.ticker());
  CheckSymbol(trade.symbol, "ticker", violations);
  violations.Check(request.direction() == "bullish" || request.direction() == "bearish", "direction",
                   "must be bullish or bearish");
  trade.side = request.direction() == "bearish" ? Side::kSell : Side::kBuy;
  violations.Check(request.has_entry_price(), "entry_price", "must be set");
  trade.entry_price =
      Positive<Price>(request.has_entry_price(), request.entry_price(), "entry_price", violations).value_or(Price());
  trade.stop_loss = Positive<Price>(request.has_stop_loss(), request.stop_loss(), "stop_loss", violations);
  trade.target_price = Positive<Price>(request.has_target_price(), request.target_price(), "target_price", violations);
  violations.Check(request.has_size(), "size", "must be set");
  trade.quantity = Positive<Quantity>(request.has_size(), request.size(), "size", violations).value_or(Quantity());
  NotesChange notes;
  DecodeTexts(request, violations, [&](const char*, const std::string& text, auto member) { notes.*member = text; });
  notes.tags = DecodeTags(request.tags(), violations);
  Apply(notes, entry.notes);
  trade.created_at = DecodeDate(request.has_entry_date(), request.entry_date(), "entry_date", violations).value_or(now);
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return entry;
}

absl::StatusOr<CloseEntry> Decode(const rpc::Call& call, const v1::CloseJournalTradeRequest& request) {
  Violations violations;
  CloseEntry command{
      .user_id = call.caller.user_id, .trade_id = request.trade_id(), .lessons_learned = request.lessons_learned()};
  violations.Check(request.has_exit_price(), "exit_price", "must be set");
  command.exit_price =
      Positive<Price>(request.has_exit_price(), request.exit_price(), "exit_price", violations).value_or(Price());
  CheckText(request.lessons_learned(), kLongText, "lessons_learned", violations);
  command.exit_date = DecodeDate(request.has_exit_date(), request.exit_date(), "exit_date", violations);
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<ChangeEntry> DecodeChange(const rpc::Call& call, const v1::ChangeTradeRequest& request) {
  Violations violations;
  ChangeEntry command{.user_id = call.caller.user_id, .trade_id = request.trade_id()};
  const auto& paths = request.update_mask().paths();
  const auto named = [&](std::string_view name) { return std::find(paths.begin(), paths.end(), name) != paths.end(); };
  if (request.has_stop_loss() || named("stop_loss")) {
    command.stop_loss = Positive<Price>(request.has_stop_loss(), request.stop_loss(), "stop_loss", violations);
  }
  if (request.has_target_price() || named("target_price")) {
    command.target_price =
        Positive<Price>(request.has_target_price(), request.target_price(), "target_price", violations);
  }
  const auto take = [&](const char* name, const std::string& text, auto member) {
    if (!text.empty() || named(name)) command.notes.*member = text;
  };
  DecodeTexts(request, violations, take);
  take("lessons_learned", request.lessons_learned(), &NotesChange::lessons_learned);
  CheckText(request.lessons_learned(), kLongText, "lessons_learned", violations);
  if (!request.tags().empty() || named("tags")) command.notes.tags = DecodeTags(request.tags(), violations);
  violations.Check(command.moves_levels() || !command.notes.empty(), "stop_loss",
                   "must be set, or target_price, or something that the journal says of the trade");
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<EntryFilter> Decode(const rpc::Call& call, const v1::ListJournalRequest& request) {
  Violations violations;
  EntryFilter filter{.user_id = call.caller.user_id,
                     .kind = DecodeKind(request.kind(), violations),
                     .offset = std::max<std::int64_t>(request.skip(), 0),
                     .limit = request.limit() > 0 ? std::min<std::int64_t>(request.limit(), kMostRows) : kMostRows};
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return filter;
}

absl::StatusOr<EntryFilter> Decode(const rpc::Call& call, const v1::ListTradesRequest& request) {
  Violations violations;
  const rpc::Page page = rpc::PageOf(request);
  EntryFilter filter{.user_id = call.caller.user_id,
                     .kind = DecodeKind(request.kind(), violations),
                     .symbol = ToSymbol(request.symbol()),
                     .setup_id = request.setup_id(),
                     .tag = request.tag(),
                     .search = request.search(),
                     .offset = page.offset,
                     .limit = page.size};
  CheckLine(request.search(), kSearchLength, "search", violations);
  if (request.status() != v1::TRADE_STATUS_UNSPECIFIED) {
    filter.status = static_cast<TradeStatus>(static_cast<int>(request.status()) - 1);
  }
  filter.closed_since = DecodeDate(request.has_closed_since(), request.closed_since(), "closed_since", violations);
  filter.opened_since = DecodeDate(request.has_from(), request.from(), "from", violations);
  filter.opened_before = DecodeDate(request.has_to(), request.to(), "to", violations);
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return filter;
}

void Encode(const JournalEntry& entry, v1::JournalTrade& out) {
  const Trade& trade = entry.trade;
  out.set_mongo_id(trade.trade_id);
  out.set_id(trade.trade_id);
  out.set_user_id(trade.user_id);
  out.set_kind(std::string(Name(entry.kind)));
  out.set_ticker(trade.symbol);
  out.set_direction(trade.side == Side::kBuy ? "bullish" : "bearish");
  rpc::Encode(trade.entry_price, out.mutable_entry_price());
  if (trade.stop_loss) rpc::Encode(*trade.stop_loss, out.mutable_stop_loss());
  if (trade.target_price) rpc::Encode(*trade.target_price, out.mutable_target_price());
  rpc::Encode(trade.quantity, out.mutable_size());
  EncodeNotes(entry.notes, out);
  out.set_status(trade.closed_at ? "closed" : "open");
  rpc::Encode(trade.created_at, out.mutable_entry_date());
  EncodeWatch(entry, out);
  if (!trade.closed_at) return;
  rpc::Encode(*trade.exit_price, out.mutable_exit_price());
  rpc::Encode(*trade.closed_at, out.mutable_exit_date());
  rpc::Encode(*trade.pnl, out.mutable_result_pnl());
}

void Encode(const JournalEntry& entry, std::optional<Price> last, v1::Trade& out) {
  Encode(entry.trade, last, out);
  out.set_kind(std::string(Name(entry.kind)));
  EncodeNotes(entry.notes, out);
  EncodeWatch(entry, out);
}

std::string EncodeAlert(std::int64_t session, const JournalAlert& alert) {
  v1::JournalAlert out;
  out.set_level(alert.level == ExitReason::kStopLoss ? v1::JournalAlert::LEVEL_STOP_LOSS
                                                     : v1::JournalAlert::LEVEL_TARGET_PRICE);
  rpc::Encode(alert.price, out.mutable_price());
  JournalEntry told = alert.entry;
  told.alerted_at = alert.at;
  Encode(told, *out.mutable_trade());
  out.set_session(session);
  return out.SerializeAsString();
}

std::string AlertType() { return v1::JournalAlert::descriptor()->full_name(); }

void Encode(const JournalEntry& entry, v1::Trade& out) { Encode(entry, std::nullopt, out); }

void Decode(const v1::Trade& kept, JournalEntry& out) {
  out.kind = kept.kind() == "paper" ? TradeKind::kPaper : TradeKind::kJournal;
  Trade& trade = out.trade;
  trade = {.user_id = kept.user_id(),
           .trade_id = kept.trade_id(),
           .symbol = kept.symbol(),
           .side = kept.trade_type() == v1::TRADE_TYPE_SELL ? Side::kSell : Side::kBuy,
           .quantity = rpc::Decode<Quantity>(kept.quantity()),
           .entry_price = rpc::Decode<Price>(kept.entry_price()),
           .status = static_cast<TradeStatus>(static_cast<int>(kept.status()) - 1),
           .margin_used = rpc::Decode<Money>(kept.margin_used()),
           .fees = rpc::Decode<Money>(kept.fees()),
           .income = rpc::Decode<Money>(kept.income()),
           .quote_source = kept.quote_source(),
           .created_at = rpc::Decode(kept.created_at())};
  if (kept.has_stop_loss()) trade.stop_loss = rpc::Decode<Price>(kept.stop_loss());
  if (kept.has_target_price()) trade.target_price = rpc::Decode<Price>(kept.target_price());
  if (kept.has_closed_at()) {
    trade.closed_at = rpc::Decode(kept.closed_at());
    trade.exit_price = rpc::Decode<Price>(kept.exit_price());
    trade.exit_reason = ParseExitReason(kept.exit_reason());
    trade.pnl = rpc::Decode<Money>(kept.pnl());
  }
  out.notes = {.setup_id = kept.setup_id(),
               .market_conditions = kept.market_conditions(),
               .emotions = kept.emotions(),
               .notes = kept.notes(),
               .lessons_learned = kept.lessons_learned(),
               .tags = {kept.tags().begin(), kept.tags().end()}};
  if (kept.has_alerted_at()) out.alerted_at = rpc::Decode(kept.alerted_at());
  if (kept.has_mae()) {
    out.excursion = {rpc::Decode<Money>(kept.mae()), rpc::Decode<Money>(kept.mfe()), kept.excursion_gap()};
  }
}

}  // namespace papertape::trade_engine
