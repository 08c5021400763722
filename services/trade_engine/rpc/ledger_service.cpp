#include "services/trade_engine/rpc/ledger_service.h"

#include <algorithm>

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"

namespace papertape::trade_engine {
namespace {

constexpr std::int64_t kStretch = 5'000;         // events at once
constexpr std::size_t kDifferencesMost = 1'000;  // told at once
constexpr std::int64_t kStatementPage = 1'000;   // transfers

LogPlace Decode(const v1::LogPlace& place) {
  return {.account = {place.session(), place.user_id()}, .account_seq = place.account_seq(), .hash = place.hash()};
}

void Encode(const LogPlace& place, v1::LogPlace& out) {
  out.set_session(place.account.session);
  out.set_user_id(place.account.user_id);
  out.set_account_seq(place.account_seq);
  out.set_hash(place.hash);
}

void Encode(const LogFinding& finding, v1::VerifyLedgerReply& out) {
  out.set_checked(finding.checked);
  Encode(finding.last, *out.mutable_last());
  for (const LogPlace& head : finding.heads) Encode(head, *out.add_heads());
  if (finding.fault) {
    Encode({.account = finding.fault->account, .account_seq = finding.fault->account_seq}, *out.mutable_fault());
    out.set_problem(finding.fault->problem);
  }
  out.set_at_end(finding.at_end);
}

void Encode(const BooksFinding& finding, v1::CompareLedgerReply& out) {
  out.set_events(finding.events);
  out.set_accounts(finding.accounts);
  out.set_rows(finding.rows);
  out.set_last_session(finding.last.session);
  out.set_last_user_id(finding.last.user_id);
  out.set_at_end(finding.at_end);
  for (const RowDifference& difference : finding.differences) {
    if (static_cast<std::size_t>(out.differences_size()) == kDifferencesMost) break;
    v1::RowDifference& told = *out.add_differences();
    told.set_session(difference.session);
    told.set_user_id(difference.user_id);
    told.set_table(difference.table);
    told.set_key(difference.key);
    told.set_column(difference.column);
    told.set_stored(difference.stored);
    told.set_logged(difference.logged);
  }
}

void Encode(const Transfer& transfer, v1::LedgerTransfer& out) {
  out.set_account_seq(transfer.account_seq);
  out.set_from_book(std::string(Name(transfer.from)));
  out.set_to_book(std::string(Name(transfer.to)));
  rpc::Encode(transfer.amount, out.mutable_amount());
  out.set_trade_id(transfer.trade_id);
  rpc::Encode(transfer.created_at, out.mutable_created_at());
  out.set_line(transfer.line);
}

}  // namespace

grpc::ServerUnaryReactor* LedgerService::VerifyLedger(grpc::CallbackServerContext* context,
                                                      const v1::VerifyLedgerRequest* request,
                                                      v1::VerifyLedgerReply* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.LedgerService.VerifyLedger", request, reply,
                        [this](const rpc::Call&, const v1::VerifyLedgerRequest& in, v1::VerifyLedgerReply& out) {
                          const std::int64_t size = in.size() > 0 ? in.size() : kStretch;
                          const auto finding = ledger_.Check(Decode(in.after()), std::min(size, kStretch));
                          if (finding.ok()) Encode(*finding, out);
                          return finding.status();
                        });
}

grpc::ServerUnaryReactor* LedgerService::FindHeads(grpc::CallbackServerContext* context,
                                                   const v1::FindHeadsRequest* request, v1::FindHeadsReply* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.LedgerService.FindHeads", request, reply,
                        [this](const rpc::Call&, const v1::FindHeadsRequest& in, v1::FindHeadsReply& out) {
                          std::vector<LogPlace> places;
                          for (const v1::LogPlace& place : in.places()) places.push_back(Decode(place));
                          const auto missing = ledger_.Missing(places);
                          if (missing.ok()) {
                            for (const LogPlace& place : *missing) Encode(place, *out.add_missing());
                          }
                          return missing.status();
                        });
}

grpc::ServerUnaryReactor* LedgerService::CompareLedger(grpc::CallbackServerContext* context,
                                                       const v1::CompareLedgerRequest* request,
                                                       v1::CompareLedgerReply* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.LedgerService.CompareLedger", request, reply,
                        [this](const rpc::Call&, const v1::CompareLedgerRequest& in, v1::CompareLedgerReply& out) {
                          const auto finding = ledger_.Compare({in.after_session(), in.after_user_id()}, kStretch);
                          if (finding.ok()) Encode(*finding, out);
                          return finding.status();
                        });
}

grpc::ServerUnaryReactor* LedgerService::RepairLedger(grpc::CallbackServerContext* context,
                                                      const v1::RepairLedgerRequest* request,
                                                      v1::RepairLedgerReply* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.LedgerService.RepairLedger", request, reply,
                        [this](const rpc::Call&, const v1::RepairLedgerRequest& in, v1::RepairLedgerReply&) {
                          std::vector<AccountKey> accounts;
                          for (const v1::LogPlace& account : in.accounts()) {
                            accounts.push_back({account.session(), account.user_id()});
                          }
                          return ledger_.Repair(accounts);
                        });
}

grpc::ServerUnaryReactor* LedgerService::ListTransfers(grpc::CallbackServerContext* context,
                                                       const v1::ListTransfersRequest* request,
                                                       v1::ListTransfersReply* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.LedgerService.ListTransfers", request, reply,
                        [this](const rpc::Call&, const v1::ListTransfersRequest& in, v1::ListTransfersReply& out) {
                          const auto transfers = ledger_.Statement({in.session(), in.user_id()}, in.after_seq(),
                                                                   in.after_line(), kStatementPage);
                          if (transfers.ok()) {
                            for (const Transfer& transfer : *transfers) Encode(transfer, *out.add_transfers());
                          }
                          return transfers.status();
                        });
}

}  // namespace papertape::trade_engine
