// What the operator can tell the suite to do. Each prints what it did or found and answers the process's exit code: 0,
// or 1 for a refusal or a log that is not what was written.
#pragma once

#include <string>

#include "cli/operator_client.h"

namespace papertape::cli {

int SetRole(OperatorClient& suite, const std::string& email, const std::string& role);
// `expected_hash`: a head printed earlier, which the log must still hold; empty: none.
int VerifyAudit(OperatorClient& suite, const std::string& expected_hash);
// The newest `size` entries, the newest last; only by or about the user, unless `email` is empty.
int ListAudit(OperatorClient& suite, const std::string& email, int size);

// Prints why a call failed; 1.
int Refused(const absl::Status& why);

}  // namespace papertape::cli
