#include "services/signal/rpc/formula_service.h"

#include "libs/status/status.h"
#include "services/signal/rpc/catalog_messages.h"

namespace papertape::signal {

grpc::ServerUnaryReactor* FormulaService::ListFormulas(grpc::CallbackServerContext* context,
                                                       const v1::ListFormulasRequest* request,
                                                       v1::ListFormulasReply* reply) {
  return gate_.Blocking(
      context, "papertape.signal.v1.FormulaService.ListFormulas", request, reply,
      [this](const rpc::Call& call, const v1::ListFormulasRequest& in, v1::ListFormulasReply& out) -> absl::Status {
        const rpc::Page page = rpc::PageOf(in);
        PT_ASSIGN_OR_RETURN(const Listing<Formula> listing,
                            catalog_.ListFormulas(Decode(in, call.caller.user_id, page)));
        for (const Formula& formula : listing.items) Encode(formula, *out.add_formulas());
        rpc::EncodePage(page, listing.total, out);
        return absl::OkStatus();
      });
}

}  // namespace papertape::signal
