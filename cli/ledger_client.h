// The operator's way to the trade engine's books, called with the suite's own credential. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "libs/rpc/channel.h"
#include "papertape/trade_engine/v1/ledger_service.grpc.pb.h"

namespace papertape::cli {

class LedgerClient {
 public:
  LedgerClient(const std::string& address, const std::string& secret_key)
      : peer_(
            {.name = "trade_engine", .address = address, .secret_key = secret_key, .timeout = std::chrono::minutes(1)},
            SystemClock()),
        stub_(trade_engine::v1::LedgerService::NewStub(peer_.channel())) {}

  absl::StatusOr<trade_engine::v1::VerifyLedgerReply> Verify(const trade_engine::v1::VerifyLedgerRequest& request) {
    return Ask<trade_engine::v1::VerifyLedgerReply>(&Stub::VerifyLedger, request);
  }
  absl::StatusOr<trade_engine::v1::FindHeadsReply> FindHeads(const trade_engine::v1::FindHeadsRequest& request) {
    return Ask<trade_engine::v1::FindHeadsReply>(&Stub::FindHeads, request);
  }
  absl::StatusOr<trade_engine::v1::CompareLedgerReply> Compare(const trade_engine::v1::CompareLedgerRequest& request) {
    return Ask<trade_engine::v1::CompareLedgerReply>(&Stub::CompareLedger, request);
  }
  absl::StatusOr<trade_engine::v1::RepairLedgerReply> Repair(const trade_engine::v1::RepairLedgerRequest& request) {
    return Ask<trade_engine::v1::RepairLedgerReply>(&Stub::RepairLedger, request);
  }
  absl::StatusOr<trade_engine::v1::ListTransfersReply> List(const trade_engine::v1::ListTransfersRequest& request) {
    return Ask<trade_engine::v1::ListTransfersReply>(&Stub::ListTransfers, request);
  }

 private:
  using Stub = trade_engine::v1::LedgerService::Stub;
  template <class Reply, class Request>
  absl::StatusOr<Reply> Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                            const Request& request) {
    return peer_.Ask<Reply>(nullptr, [&](grpc::ClientContext& context, Reply& reply) {
      return (stub_.get()->*method)(&context, request, &reply);
    });
  }

  rpc::Peer peer_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace papertape::cli
