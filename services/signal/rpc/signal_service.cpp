#include "services/signal/rpc/signal_service.h"

#include "libs/status/status.h"
#include "services/signal/rpc/catalog_messages.h"

namespace papertape::signal {

grpc::ServerUnaryReactor* SignalService::ListSignals(grpc::CallbackServerContext* context,
                                                     const v1::ListSignalsRequest* request,
                                                     v1::ListSignalsReply* reply) {
  return gate_.Blocking(
      context, "papertape.signal.v1.SignalService.ListSignals", request, reply,
      [this](const rpc::Call&, const v1::ListSignalsRequest& in, v1::ListSignalsReply& out) -> absl::Status {
        const rpc::Page page = rpc::PageOf(in);
        PT_ASSIGN_OR_RETURN(const SignalQuery query, Decode(in, page));
        PT_ASSIGN_OR_RETURN(const Listing<Signal> listing, catalog_.ListSignals(query));
        for (const Signal& signal : listing.items) Encode(signal, *out.add_signals());
        rpc::EncodePage(page, listing.total, out);
        return absl::OkStatus();
      });
}

}  // namespace papertape::signal
