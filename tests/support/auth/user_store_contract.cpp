#include "tests/support/auth/user_store_contract.h"

#include "tests/support/auth/repeatable_user.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::HasReason;
using testing::IsOk;

const AuditEntry kEntry{.action = deed::kRegistered};

StoredUser AUser(const std::string& email, const std::string& username) {
  StoredUser stored;
  stored.user.email = email;
  stored.user.username = username;
  stored.password_hash = "hash of " + username;
  return stored;
}

void KeepsWhatItIsGiven(UserStore& store) {
  StoredUser ann = AUser("ann@example.com", "Ann");
  ann.user.name = "Ann O'Neill";
  const auto inserted = store.Insert(ann, {}, kEntry);
  REQUIRE_THAT(inserted.status(), IsOk());
  CHECK(inserted->id > 0);

  const auto by_email = store.FindByEmail("ann@example.com");
  REQUIRE_THAT(by_email.status(), IsOk());
  REQUIRE(by_email->has_value());
  const StoredUser& found = **by_email;
  CHECK(found.user.id == inserted->id);
  CHECK(found.user.username == "Ann");
  CHECK(found.user.name == "Ann O'Neill");
  CHECK_FALSE(found.user.phone.has_value());
  CHECK(found.user.role == "user");
  CHECK(found.user.is_active);
  CHECK_FALSE(found.user.is_verified);
  CHECK(found.password_hash == "hash of Ann");
  CHECK((*store.FindByUsername("aNN"))->user.id == inserted->id);
  CHECK((*store.FindById(inserted->id))->email == "ann@example.com");
}

void AnswersNobodyForTheUnknown(UserStore& store) {
  CHECK_FALSE(store.FindByEmail("nobody@example.com")->has_value());
  CHECK_FALSE(store.FindByUsername("nobody")->has_value());
  CHECK_FALSE(store.FindById(999'999)->has_value());
}

void RefusesTakenNamesAndAddresses(UserStore& store) {
  CHECK_THAT(store.Insert(AUser("ann@example.com", "other"), {}, kEntry).status(), HasReason(Reason::kEMAIL_TAKEN));
  CHECK_THAT(store.Insert(AUser("ann2@example.com", "ANN"), {}, kEntry).status(), HasReason(Reason::kUSERNAME_TAKEN));
  CHECK_THAT(store.Insert(AUser("ann@example.com", "ann"), {}, kEntry).status(), HasReason(Reason::kEMAIL_TAKEN));
  CHECK_FALSE(store.FindByEmail("ann2@example.com")->has_value());
}

void InsertsOnceForEachKey(UserStore& store) {
  const auto bob = store.Insert(AUser("bob@example.com", "bob"), Keyed("k-1", "print"), kEntry);
  REQUIRE_THAT(bob.status(), IsOk());
  const auto again = store.Insert(AUser("bob@example.com", "bob"), Keyed("k-1", "print"), kEntry);
  REQUIRE_THAT(again.status(), IsOk());
  CHECK(again->id == bob->id);
  CHECK_THAT(store.Insert(AUser("cy@example.com", "cy"), Keyed("k-1", "other"), kEntry).status(),
             HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  CHECK_FALSE(store.FindByEmail("cy@example.com")->has_value());
  // A refusal is not kept: once its cause is gone, the same request succeeds.
  CHECK_THAT(store.Insert(AUser("bob@example.com", "bob2"), Keyed("k-2", "print"), kEntry).status(),
             HasReason(Reason::kEMAIL_TAKEN));
  CHECK_THAT(store.Insert(AUser("dan@example.com", "dan"), Keyed("k-2", "print"), kEntry).status(), IsOk());
}

void ReplacesOnlyTheHashThatWasRead(UserStore& store) {
  const std::int64_t ann = (*store.FindByEmail("ann@example.com"))->user.id;
  REQUIRE_THAT(store.ReplaceHash(ann, "hash of Ann", "renewed"), IsOk());
  CHECK((*store.FindByEmail("ann@example.com"))->password_hash == "renewed");
  REQUIRE_THAT(store.ReplaceHash(ann, "hash of Ann", "late"), IsOk());
  CHECK((*store.FindByEmail("ann@example.com"))->password_hash == "renewed");
}

void ChangesProfiles(UserStore& store) {
  User bob = (*store.FindByEmail("bob@example.com"))->user;
  bob.name = "Bob";
  bob.username = "bobby";
  REQUIRE_THAT(store.UpdateProfile(bob), IsOk());
  CHECK((*store.FindStored(bob.id))->user.name == "Bob");
  CHECK((*store.FindStored(bob.id))->password_hash == "hash of bob");
  bob.name.reset();
  bob.username = "ANN";
  CHECK_THAT(store.UpdateProfile(bob), HasReason(Reason::kUSERNAME_TAKEN));
  CHECK((*store.FindById(bob.id))->username == "bobby");
  bob.username = "Bobby";  // one's own, in another case
  REQUIRE_THAT(store.UpdateProfile(bob), IsOk());
  CHECK_FALSE((*store.FindById(bob.id))->name.has_value());
  bob.id = 999'999;
  bob.username = "nobody";
  CHECK_THAT(store.UpdateProfile(bob), HasReason(Reason::kUSER_NOT_FOUND));
  CHECK_FALSE(store.FindStored(999'999)->has_value());
}

void ConfirmsAnAddressOnce(UserStore& store) {
  const std::int64_t ann = (*store.FindByEmail("ann@example.com"))->user.id;
  const AuditEntry entry{.action = deed::kEmailVerified, .subject_id = ann};
  REQUIRE_THAT(store.MarkVerified(ann, entry), IsOk());
  REQUIRE_THAT(store.MarkVerified(ann, entry), IsOk());
  CHECK((*store.FindByEmail("ann@example.com"))->user.is_verified);
  CHECK_FALSE((*store.FindByEmail("bob@example.com"))->user.is_verified);
}

}  // namespace

void CheckUserStoreContract(UserStore& store) {
  KeepsWhatItIsGiven(store);
  AnswersNobodyForTheUnknown(store);
  RefusesTakenNamesAndAddresses(store);
  InsertsOnceForEachKey(store);
  ReplacesOnlyTheHashThatWasRead(store);
  ChangesProfiles(store);
  ConfirmsAnAddressOnce(store);
}

}  // namespace papertape::auth
