#include "tests/support/auth/object_stores.h"

#include <thread>

#include "libs/ids/ids.h"
#include "libs/status/status.h"
#include "tests/support/matchers.h"

namespace papertape::auth::testing {

using papertape::testing::IsOk;

absl::Status MemoryObjectStore::Put(const std::string& key, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  PT_RETURN_IF_ERROR(failure_);
  if (!IsObjectKey(key)) return absl::InvalidArgumentError("no key");
  objects_[key] = bytes;
  return absl::OkStatus();
}

absl::StatusOr<std::string> MemoryObjectStore::Get(const std::string& key) {
  const std::lock_guard lock(mutex_);
  PT_RETURN_IF_ERROR(failure_);
  if (!IsObjectKey(key)) return absl::InvalidArgumentError("no key");
  const auto found = objects_.find(key);
  if (found == objects_.end()) return absl::NotFoundError("no object");
  return found->second;
}

absl::Status MemoryObjectStore::Delete(const std::string& key) {
  const std::lock_guard lock(mutex_);
  PT_RETURN_IF_ERROR(failure_);
  if (!IsObjectKey(key)) return absl::InvalidArgumentError("no key");
  objects_.erase(key);
  return absl::OkStatus();
}

void MemoryObjectStore::Fail(absl::Status status) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(status);
}

std::vector<std::string> MemoryObjectStore::Keys() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> keys;
  for (const auto& [key, bytes] : objects_) keys.push_back(key);
  return keys;
}

std::string& MemoryObjectStore::At(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return objects_.at(key);
}

namespace {

void KeepsAnyBytes(ObjectStore& store) {
  std::string large;
  RandomBits random = SeededRandom(7);
  for (int i = 0; i < 1'500'000; ++i) large += static_cast<char>(random());
  for (const std::string& bytes : {std::string(), std::string("\0\r\n\xff", 4), large}) {
    REQUIRE_THAT(store.Put("kyc/1/ANY-bytes_0", bytes), IsOk());
    const auto got = store.Get("kyc/1/ANY-bytes_0");
    REQUIRE_THAT(got.status(), IsOk());
    CHECK(*got == bytes);
  }
}

void MissesWhatIsNotThere(ObjectStore& store) {
  CHECK(absl::IsNotFound(store.Get("kyc/1/nothing").status()));
  CHECK(absl::IsNotFound(store.Get("kyc").status()));
  CHECK_THAT(store.Delete("kyc/1/nothing"), IsOk());
}

void ForgetsWhatIsDeleted(ObjectStore& store) {
  REQUIRE_THAT(store.Put("kyc/2/a", "a"), IsOk());
  REQUIRE_THAT(store.Put("kyc/2/b", "b"), IsOk());
  CHECK_THAT(store.Delete("kyc/2/a"), IsOk());
  CHECK_THAT(store.Delete("kyc/2/a"), IsOk());
  CHECK(absl::IsNotFound(store.Get("kyc/2/a").status()));
  CHECK(*store.Get("kyc/2/b") == "b");
}

void RefusesWhatIsNoKey(ObjectStore& store) {
  for (const char* const key : {"", "/a", "a/", "a//b", "../a", "a/../b", "a b", "a%2fb", "a?b", ".a"}) {
    CAPTURE(key);
    CHECK(absl::IsInvalidArgument(store.Put(key, "x")));
    CHECK(absl::IsInvalidArgument(store.Get(key).status()));
    CHECK(absl::IsInvalidArgument(store.Delete(key)));
  }
}

void TakesManyAtOnce(ObjectStore& store) {
  std::vector<absl::Status> outcomes(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    // Half of them to one key: one of them wins, whole.
    threads.emplace_back([&, i] {
      outcomes[i] =
          store.Put(i % 2 == 0 ? "kyc/3/same" : "kyc/3/k" + std::to_string(i), std::string(10'000, 'a' + char(i)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& outcome : outcomes) CHECK_THAT(outcome, IsOk());
  const std::string same = *store.Get("kyc/3/same");
  CHECK(same == std::string(10'000, same.front()));
  CHECK(*store.Get("kyc/3/k7") == std::string(10'000, 'h'));
}

}  // namespace

void CheckObjectStoreContract(ObjectStore& store) {
  MissesWhatIsNotThere(store);
  KeepsAnyBytes(store);
  ForgetsWhatIsDeleted(store);
  RefusesWhatIsNoKey(store);
  TakesManyAtOnce(store);
}

}  // namespace papertape::auth::testing
