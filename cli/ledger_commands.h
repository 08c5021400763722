// What the operator does with the trade engine's books. Each prints what it found and answers the process's exit code:
// 0, or 1 for a refusal, a log that is not what was written, or rows that are not what it says.
#pragma once

#include <cstdint>
#include <string>

#include "cli/ledger_client.h"

namespace papertape::cli {

struct VerifyOptions {
  std::string heads_out;  // a file to write every account's head to; empty: none
  std::string expect;     // a file written so earlier, whose heads the log must still hold; empty: none
};
int VerifyLedger(LedgerClient& engine, const VerifyOptions& options);
// Compares every row with what the events make; with `write`, makes those accounts again that differ.
int RebuildLedger(LedgerClient& engine, bool write);
// An account's entries as a bank would print them.
int ShowLedger(LedgerClient& engine, std::int64_t user_id, std::int64_t session);

}  // namespace papertape::cli
