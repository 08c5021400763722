#include "tests/support/auth/session_store_contract.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasReason;
using testing::IsOk;

const Timestamp kNow = FromMicrosSinceEpoch(1'767'225'600'000'000);

std::string DigestOf(char letter) { return std::string(64, letter); }

Ending EndingAt(Timestamp now, EndReason reason = EndReason::kLogout) {
  return {.reason = reason,
          .now = now,
          .tokens_until = now + minutes(10),
          .entry = {.by = {.request_id = "r1"}, .action = deed::kSignedOut}};
}

Rotation RotationOf(char spent, char next, Timestamp now = kNow) {
  return {.spent_digest = DigestOf(spent),
          .next_digest = DigestOf(next),
          .expires_at = now + hours(24),
          .on_reuse = EndingAt(now, EndReason::kReuse)};
}

struct Checked {
  SessionStore& sessions;
  UserStore& users;

  std::int64_t User(const std::string& name) {
    StoredUser stored;
    stored.user.email = name + "@example.com";
    stored.user.username = name;
    stored.password_hash = "hash of " + name;
    return users.Insert(stored, {}, {.action = deed::kRegistered})->id;
  }
  void Begin(const std::string& id, std::int64_t user_id, char token, Timestamp now = kNow) {
    REQUIRE_THAT(sessions.Insert({.id = id,
                                  .user_id = user_id,
                                  .refresh_digest = DigestOf(token),
                                  .now = now,
                                  .expires_at = now + hours(24),
                                  .entry = {.action = deed::kSignedIn, .subject_id = user_id}}),
                 IsOk());
  }
  RotationOutcome Rotate(char spent, char next, Timestamp now = kNow) {
    return sessions.Rotate(RotationOf(spent, next, now))->outcome;
  }
};

void RotatesEachTokenOnce(Checked store) {
  const std::int64_t ann = store.User("ann");
  store.Begin("s1", ann, 'a');
  const auto rotated = store.sessions.Rotate(RotationOf('a', 'b'));
  REQUIRE_THAT(rotated.status(), IsOk());
  CHECK(rotated->outcome == RotationOutcome::kRotated);
  CHECK(rotated->session_id == "s1");
  REQUIRE(rotated->user.has_value());
  CHECK(rotated->user->email == "ann@example.com");
  CHECK(store.Rotate('b', 'c') == RotationOutcome::kRotated);
  CHECK(store.Rotate('z', 'y') == RotationOutcome::kUnknown);

  const auto reused = store.sessions.Rotate(RotationOf('a', 'd'));
  CHECK(reused->outcome == RotationOutcome::kReused);
  CHECK(reused->session_id == "s1");
  CHECK(store.Rotate('c', 'e') == RotationOutcome::kEnded);  // the newest is dead too
  CHECK(store.Rotate('a', 'f') == RotationOutcome::kEnded);
  const auto ended = store.sessions.FindEnded(kNow);
  REQUIRE(ended->size() == 1);
  CHECK(ended->front().id == "s1");
  CHECK(ended->front().user_id == ann);
  CHECK(ended->front().tokens_until == kNow + minutes(10));
  CHECK(store.sessions.FindEnded(kNow + minutes(10))->empty());
}

void KnowsAnExpiredToken(Checked store) {
  store.Begin("s2", store.User("bob"), 'g');
  CHECK(store.Rotate('g', 'h', kNow + hours(24)) == RotationOutcome::kExpired);
  CHECK(store.Rotate('g', 'h', kNow + hours(23)) == RotationOutcome::kRotated);
  CHECK(store.Rotate('h', 'i', kNow + hours(46)) == RotationOutcome::kRotated);  // each use renews the session's life
}

void EndsWhatIsTheUsersOwn(Checked store) {
  const std::int64_t cy = store.User("cy"), dan = store.User("dan");
  store.Begin("c1", cy, 'j');
  store.Begin("c2", cy, 'k');
  store.Begin("d1", dan, 'l');
  CHECK(store.sessions.End(cy, "d1", DigestOf('l'), EndingAt(kNow))->empty());
  CHECK(store.Rotate('l', 'm') == RotationOutcome::kRotated);
  auto ended = *store.sessions.End(cy, "c1", DigestOf('k'), EndingAt(kNow));
  std::sort(ended.begin(), ended.end());
  CHECK(ended == std::vector<std::string>{"c1", "c2"});
  CHECK(store.sessions.End(cy, "c1", DigestOf('k'), EndingAt(kNow))->empty());  // once
  CHECK(store.Rotate('j', 'n') == RotationOutcome::kEnded);
}

void EndsTheOthersWhenThePasswordChanges(Checked store) {
  const std::int64_t eve = store.User("eve");
  store.Begin("e1", eve, 'o');
  store.Begin("e2", eve, 'p');
  const PasswordChange change{
      .user_id = eve, .stored_hash = "hash of eve", .new_hash = "new hash", .kept_session = "e1"};
  CHECK(*store.sessions.ReplacePassword(change, EndingAt(kNow, EndReason::kPassword)) ==
        std::vector<std::string>{"e2"});
  CHECK((*store.users.FindStored(eve))->password_hash == "new hash");
  CHECK(store.Rotate('o', 'q') == RotationOutcome::kRotated);
  CHECK(store.Rotate('p', 'r') == RotationOutcome::kEnded);
  CHECK_THAT(store.sessions.ReplacePassword(change, EndingAt(kNow, EndReason::kPassword)).status(),
             HasReason(Reason::kCONFLICT));
  CHECK(store.Rotate('q', 's') == RotationOutcome::kRotated);  // a change that failed ends nothing
  CHECK(*store.sessions.EndAll(eve, "", EndingAt(kNow, EndReason::kAdministrator)) == std::vector<std::string>{"e1"});
}

void ErasesWhatNobodyCanUse(Checked store) {
  store.Begin("f1", store.User("fay"), 't', kNow + hours(1'000));
  while (*store.sessions.EraseExpired(kNow + hours(500)) > 0) {
  }
  CHECK(store.Rotate('a', 'u') == RotationOutcome::kUnknown);
  CHECK(store.Rotate('t', 'u', kNow + hours(1'000)) == RotationOutcome::kRotated);
}

}  // namespace

void CheckSessionStoreContract(SessionStore& sessions, UserStore& users) {
  const Checked store{sessions, users};
  RotatesEachTokenOnce(store);
  KnowsAnExpiredToken(store);
  EndsWhatIsTheUsersOwn(store);
  EndsTheOthersWhenThePasswordChanges(store);
  ErasesWhatNobodyCanUse(store);
}

}  // namespace papertape::auth
