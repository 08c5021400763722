// `papertape replay`: turns the suite's market back to recorded days, and forward again.
#pragma once

#include <cstdint>
#include <string>

#include "cli/session_client.h"

namespace papertape::cli {

struct ReplayOptions {
  std::string range;  // "2008-10-01..2008-10-31", or one day
  std::int64_t speed = 1;
  bool paused = false;
  bool follow = false;
  bool yes = false;  // does not ask
};

// Each answers the process's exit code: 0, or 1 when something was refused or failed.
int StartReplay(SessionClient& suite, const ReplayOptions& options);
int ShowReplay(SessionClient& suite);
int PauseReplay(SessionClient& suite);
int ResumeReplay(SessionClient& suite);
int SetReplaySpeed(SessionClient& suite, std::int64_t speed);
// Returns when the trade engine has got there, too: what is asked of it next is decided at that time.
int StepReplay(SessionClient& suite, const std::string& by);
// Back to the live market; prints what the session's events come to.
int EndReplay(SessionClient& suite);

}  // namespace papertape::cli
