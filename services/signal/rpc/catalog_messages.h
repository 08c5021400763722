// The signal protos <-> the domain.
#pragma once

#include "absl/status/statusor.h"
#include "libs/rpc/proto_types.h"
#include "papertape/signal/v1/formula_service.pb.h"
#include "papertape/signal/v1/signal_service.pb.h"
#include "services/signal/domain/catalog.h"

namespace papertape::signal {

// INVALID_ARGUMENT for an action that is none.
absl::StatusOr<SignalQuery> Decode(const v1::ListSignalsRequest& request, const rpc::Page& page);
FormulaQuery Decode(const v1::ListFormulasRequest& request, std::int64_t reader_id, const rpc::Page& page);

void Encode(const Signal& signal, v1::Signal& out);
void Encode(const Formula& formula, v1::Formula& out);

}  // namespace papertape::signal
