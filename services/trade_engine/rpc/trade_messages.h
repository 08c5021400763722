// Messages of the trade engine <-> domain values. Decoding reports every wrong field at once.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "libs/rpc/gate.h"
#include "papertape/trade_engine/v1/account_service.pb.h"
#include "papertape/trade_engine/v1/trade_service.pb.h"
#include "services/trade_engine/domain/commands.h"
#include "services/trade_engine/domain/committed_view.h"
#include "services/trade_engine/domain/ports.h"

namespace papertape::trade_engine {

absl::StatusOr<OpenAccount> Decode(const rpc::Call& call, const v1::CreatePortfolioRequest& request);
absl::StatusOr<OpenTrade> Decode(const rpc::Call& call, const v1::CreateTradeRequest& request);
absl::StatusOr<ExitTrade> Decode(const rpc::Call& call, const v1::ExitTradeRequest& request);

v1::TradeType ToWire(Side side);
v1::TradeStatus ToWire(TradeStatus status);

void Encode(const Account& account, v1::Portfolio& out);
// `last` is the newest price of the trade's symbol; absent: none is known.
void Encode(const Trade& trade, std::optional<Price> last, v1::Trade& out);
void Encode(const Order& order, v1::StockOrder& out);
void Encode(const Performance& performance, v1::Performance& out);

void Encode(const AccountOpened& opened, v1::Portfolio& out);
void Encode(const TradeOpened& opened, v1::CreateTradeReply& out);
void Encode(const TradeChanged& changed, v1::Trade& out);
void Encode(const TradesExited& exited, v1::ExitTradeReply& out);
void Encode(const TradesExited& exited, v1::ExitAllTradesReply& out);

}  // namespace papertape::trade_engine
