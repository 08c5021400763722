// Messages of the trading journal <-> domain values. Decoding reports every wrong field at once.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "libs/rpc/gate.h"
#include "papertape/trade_engine/v1/journal_service.pb.h"
#include "papertape/trade_engine/v1/trade_service.pb.h"
#include "services/trade_engine/domain/journal_watch.h"
#include "services/trade_engine/domain/trading_journal.h"

namespace papertape::trade_engine {

// Without id; `now` is when the trade was opened unless the request says so.
absl::StatusOr<JournalEntry> Decode(const rpc::Call& call, const v1::CreateJournalTradeRequest& request, Timestamp now);
absl::StatusOr<CloseEntry> Decode(const rpc::Call& call, const v1::CloseJournalTradeRequest& request);
absl::StatusOr<ChangeEntry> DecodeChange(const rpc::Call& call, const v1::ChangeTradeRequest& request);
// Of the market's session 0 still.
absl::StatusOr<EntryFilter> Decode(const rpc::Call& call, const v1::ListJournalRequest& request);
absl::StatusOr<EntryFilter> Decode(const rpc::Call& call, const v1::ListTradesRequest& request);

// The journal's own shape.
void Encode(const JournalEntry& entry, v1::JournalTrade& out);
// The shape of all other trades. `last` is the newest price of the trade's symbol; absent: none is known.
void Encode(const JournalEntry& entry, std::optional<Price> last, v1::Trade& out);

// The JournalAlert of an alert in a session of the market, serialized, and its full name.
std::string EncodeAlert(std::int64_t session, const JournalAlert& alert);
std::string AlertType();

// As idempotency keeps it.
void Encode(const JournalEntry& entry, v1::Trade& out);
void Decode(const v1::Trade& kept, JournalEntry& out);

}  // namespace papertape::trade_engine
