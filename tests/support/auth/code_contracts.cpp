#include "tests/support/auth/code_contracts.h"

#include "libs/clock/fake_clock.h"
#include "libs/status/status.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using std::chrono::seconds;
using testing::HasReason;
using testing::IsOk;

const Timestamp kNow = FakeClock().Now();

CodeRecord Read(CodeStore& store, std::string_view subject) {
  CodeRecord seen;
  REQUIRE_THAT(store.Change(subject,
                            [&](const CodeRecord& record) {
                              seen = record;
                              return absl::OkStatus();
                            }),
               IsOk());
  return seen;
}

FailureRecord Read(FailureStore& store, const std::string& subject) {
  FailureRecord seen;
  REQUIRE_THAT(store.Change({subject},
                            [&](const std::vector<FailureRecord>& records) {
                              seen = records.at(0);
                              return absl::OkStatus();
                            }),
               IsOk());
  return seen;
}

}  // namespace

void CheckCodeStoreContract(CodeStore& store) {
  const CodeRecord fresh = Read(store, "a");
  CHECK(fresh.digest.empty());
  CHECK(fresh.tries == 0);
  CHECK(fresh.sent == 0);
  CHECK(fresh.sent_at == Timestamp());
  const CodeRecord written{.digest = "d", .tries = 3, .expires_at = kNow + seconds(600), .sent_at = kNow, .sent = 2};
  const auto write = [&](const absl::Status& status) {
    return [&written, status](CodeRecord& record) {
      record = written;
      return status;
    };
  };
  CHECK_THAT(store.Change("a", write(Error(Reason::kOTP_THROTTLED))), HasReason(Reason::kOTP_THROTTLED));
  CHECK(Read(store, "a").digest.empty());  // refused: nothing has changed
  REQUIRE_THAT(store.Change("a", write(absl::OkStatus())), IsOk());
  const CodeRecord kept = Read(store, "a");
  CHECK(kept.digest == "d");
  CHECK(kept.tries == 3);
  CHECK(kept.expires_at == kNow + seconds(600));
  CHECK(kept.sent_at == kNow);
  CHECK(kept.sent == 2);
  CHECK(Read(store, "b").digest.empty());
  REQUIRE_THAT(store.Erase(kNow), IsOk());
  CHECK(Read(store, "a").digest == "d");
  REQUIRE_THAT(store.Erase(kNow + seconds(1)), IsOk());
  CHECK(Read(store, "a").digest.empty());
}

void CheckFailureStoreContract(FailureStore& store) {
  CHECK(Read(store, "a").failures == 0);
  const auto write = [&](const absl::Status& status) {
    return [status](std::vector<FailureRecord>& records) {
      REQUIRE(records.size() == 2);
      records[0] = {.failures = 1, .next_at = kNow + seconds(1), .last_at = kNow};
      records[1] = {.failures = 7, .next_at = kNow + seconds(7), .last_at = kNow + seconds(5)};
      return status;
    };
  };
  CHECK_THAT(store.Change({"a", "b"}, write(Error(Reason::kTOO_MANY_ATTEMPTS))), HasReason(Reason::kTOO_MANY_ATTEMPTS));
  CHECK(Read(store, "b").failures == 0);
  REQUIRE_THAT(store.Change({"a", "b"}, write(absl::OkStatus())), IsOk());
  CHECK(Read(store, "a").failures == 1);
  CHECK(Read(store, "b").failures == 7);
  CHECK(Read(store, "b").next_at == kNow + seconds(7));
  CHECK(Read(store, "b").last_at == kNow + seconds(5));
  REQUIRE_THAT(store.Erase(kNow + seconds(1)), IsOk());
  CHECK(Read(store, "a").failures == 0);
  CHECK(Read(store, "b").failures == 7);
}

}  // namespace papertape::auth
