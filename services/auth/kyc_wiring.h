// Builds the review of documents: its store, where documents lie, its sweep, its rpc.
#pragma once

#include "libs/events/events.h"
#include "libs/pg/pool.h"
#include "libs/rpc/host.h"
#include "services/auth/config.h"
#include "services/auth/store/audit_trail.h"

namespace papertape::auth {

// `relay` moves auth's events; all outlive the host's parts.
void WireKyc(service::Host& host, const Config& config, pg::Pool& pool, const AuditTrail& trail, events::Relay& relay);

}  // namespace papertape::auth
