#include "services/portfolio/rpc/portfolio_service.h"

#include "libs/status/status.h"
#include "services/portfolio/domain/holdings.h"
#include "services/portfolio/rpc/portfolio_messages.h"

namespace papertape::portfolio {

grpc::ServerUnaryReactor* PortfolioService::ListCurrentPositions(grpc::CallbackServerContext* context,
                                                                 const v1::ListCurrentPositionsRequest* request,
                                                                 v1::ListCurrentPositionsReply* reply) {
  return gate_.Blocking(context, "papertape.portfolio.v1.PortfolioService.ListCurrentPositions", request, reply,
                        [this](const rpc::Call& call, const v1::ListCurrentPositionsRequest&,
                               v1::ListCurrentPositionsReply& out) -> absl::Status {
                          PT_ASSIGN_OR_RETURN(const auto positions, CurrentPositions(*open_books_(call)));
                          for (const Position& position : positions) Encode(position, *out.add_positions());
                          return absl::OkStatus();
                        });
}

grpc::ServerUnaryReactor* PortfolioService::GetStats(grpc::CallbackServerContext* context,
                                                     const v1::GetStatsRequest* request, v1::Stats* reply) {
  return gate_.Blocking(context, "papertape.portfolio.v1.PortfolioService.GetStats", request, reply,
                        [this](const rpc::Call& call, const v1::GetStatsRequest&, v1::Stats& out) -> absl::Status {
                          PT_ASSIGN_OR_RETURN(const Stats stats, CurrentStats(*open_books_(call)));
                          Encode(stats, out);
                          return absl::OkStatus();
                        });
}

}  // namespace papertape::portfolio
