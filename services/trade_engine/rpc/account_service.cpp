#include "services/trade_engine/rpc/account_service.h"

#include "libs/status/status.h"
#include "services/trade_engine/rpc/submit.h"

namespace papertape::trade_engine {
namespace {

constexpr int kOk = 200;  // in place of 201 where the account was there already

}  // namespace

grpc::ServerUnaryReactor* AccountService::CreatePortfolio(grpc::CallbackServerContext* context,
                                                          const v1::CreatePortfolioRequest* request,
                                                          v1::Portfolio* reply) {
  return gate_.Async(
      context, "papertape.trade_engine.v1.AccountService.CreatePortfolio", request, reply,
      [this](const rpc::Call& call, const v1::CreatePortfolioRequest& in, v1::Portfolio& out, Done done) {
        const auto command = Decode(call, in);
        if (!command.ok()) return done(command.status());
        SubmitTo<AccountOpened>(engine_, call, *command, out, std::move(done),
                                [set_status = call.set_http_status](const AccountOpened& opened) {
                                  if (opened.existed) set_status(kOk);
                                });
      });
}

grpc::ServerUnaryReactor* AccountService::GetPortfolio(grpc::CallbackServerContext* context,
                                                       const v1::GetPortfolioRequest* request, v1::Portfolio* reply) {
  return gate_.Inline(
      context, "papertape.trade_engine.v1.AccountService.GetPortfolio", request, reply,
      [this](const rpc::Call& call, const v1::GetPortfolioRequest& in, v1::Portfolio& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const std::int64_t user_id, auth::ResolveUser(call.caller, in.user_id()));
        const std::optional<Account> account = view_.FindAccount(user_id);
        if (!account) return Error(Reason::kPORTFOLIO_NOT_FOUND);
        Encode(*account, out);
        return absl::OkStatus();
      });
}

}  // namespace papertape::trade_engine
