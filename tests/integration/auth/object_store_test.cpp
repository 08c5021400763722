#include <sys/stat.h>

#include <filesystem>

#include "fmt/format.h"
#include "libs/clock/fake_clock.h"
#include "services/auth/clients/local_object_store.h"
#include "services/auth/clients/s3_object_store.h"
#include "services/auth/clients/sealed_documents.h"
#include "tests/support/auth/object_stores.h"
#include "tests/support/matchers.h"
#include "tests/support/process.h"

namespace papertape::auth {
namespace {

using papertape::testing::IsOk;
using testing::CheckObjectStoreContract;
using testing::MemoryObjectStore;

class TemporaryDirectory {
 public:
  TemporaryDirectory()
      : path_(std::filesystem::temp_directory_path() / ("papertape-objects-" + RandomHex(SystemRandom(), 8))) {}
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  const std::filesystem::path path_;
};

// A bucket that verifies signatures (tests/support/s3_fake.py).
class S3Bucket {
 public:
  explicit S3Bucket(std::vector<std::string> credentials = {"AKIDEXAMPLE", "wJalr/secret+with:signs"})
      : process_(Arguments(std::move(credentials))) {
    REQUIRE(process_.WaitForOutput("listening on ", std::chrono::seconds(30)));
    REQUIRE(process_.WaitForOutput("\n", std::chrono::seconds(30)));
    const std::string output = process_.Output();
    endpoint_ = "http://127.0.0.1:" + output.substr(13, output.find('\n') - 13);
  }
  [[nodiscard]] S3Options Options() const {
    return {.bucket = "papers",
            .endpoint = endpoint_,
            .region = "eu-west-3",
            .access_key_id = "AKIDEXAMPLE",
            .secret_access_key = "wJalr/secret+with:signs"};
  }
  void Stop() { process_.Kill(); }

 private:
  static std::vector<std::string> Arguments(std::vector<std::string> credentials) {
    std::vector<std::string> arguments{"/usr/bin/python3", S3_FAKE, "papers", "eu-west-3"};
    arguments.insert(arguments.end(), credentials.begin(), credentials.end());
    return arguments;
  }
  papertape::testing::Process process_;
  std::string endpoint_;
};

TEST_CASE("the store in memory keeps to the contract of object stores") {
  MemoryObjectStore store;
  CheckObjectStoreContract(store);
}

TEST_CASE("the local directory keeps to the contract of object stores") {
  const TemporaryDirectory directory;
  LocalObjectStore store(directory.path() / "deep" / "down", SystemRandom());
  REQUIRE_THAT(store.Prepare(), IsOk());
  CheckObjectStoreContract(store);
}

TEST_CASE("S3 keeps to the contract of object stores, and every request's signature verifies") {
  const S3Bucket bucket;
  S3ObjectStore store(bucket.Options(), SystemClock());
  CheckObjectStoreContract(store);
}

TEST_CASE("objects of the local directory are for their owner alone, and no draft stays") {
  const TemporaryDirectory directory;
  LocalObjectStore store(directory.path(), SystemRandom());
  REQUIRE_THAT(store.Prepare(), IsOk());
  REQUIRE_THAT(store.Put("kyc/1/A", "a"), IsOk());
  REQUIRE_THAT(store.Put("kyc/1/A", "b"), IsOk());
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path())) {
    struct stat status {};
    REQUIRE(stat(entry.path().c_str(), &status) == 0);
    CHECK((status.st_mode & 077U) == 0);
    if (entry.is_regular_file()) ++files;
  }
  CHECK(files == 1);
}

TEST_CASE("a local directory that cannot be made is told at start") {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path());
  LocalObjectStore file_in_the_way(directory.path(), SystemRandom());
  REQUIRE_THAT(file_in_the_way.Put("file", "x"), IsOk());
  CHECK_FALSE(LocalObjectStore(directory.path() / "file" / "below", SystemRandom()).Prepare().ok());
}

TEST_CASE("temporary credentials of S3 are signed with their token") {
  const S3Bucket bucket({"AKIDEXAMPLE", "wJalr/secret+with:signs", "the-session-token=="});
  S3Options options = bucket.Options();
  CHECK_FALSE(S3ObjectStore(options, SystemClock()).Put("k", "bytes").ok());
  options.session_token = "the-session-token==";
  CHECK_THAT(S3ObjectStore(options, SystemClock()).Put("k", "bytes"), IsOk());
}

TEST_CASE("a wrong secret, key, region or bucket is refused by S3, and not tried again as if it were down") {
  const S3Bucket bucket;
  const auto refused = [](const S3Options& options) {
    const absl::Status status = S3ObjectStore(options, SystemClock()).Put("k", "bytes");
    return absl::IsInternal(status);
  };
  S3Options options = bucket.Options();
  options.secret_access_key = "another";
  CHECK(refused(options));
  options = bucket.Options();
  options.access_key_id = "ANOTHER";
  CHECK(refused(options));
  options = bucket.Options();
  options.region = "eu-west-1";
  CHECK(refused(options));
  options = bucket.Options();
  options.bucket = "other";
  CHECK(refused(options));
  CHECK(absl::IsInternal(S3ObjectStore(options, SystemClock()).Get("k").status()));  // not: no such object
}

TEST_CASE("what fails once is tried again") {
  const S3Bucket bucket;
  S3ObjectStore store(bucket.Options(), SystemClock());
  const auto failure = GENERATE(as<std::string>(), "slow-down-once", "cut-once", "wrong-etag-once");
  REQUIRE_THAT(store.Put(failure + "/k", "bytes"), IsOk());
  CHECK(*store.Get(failure + "/k") == "bytes");
}

TEST_CASE("what goes on failing is UNAVAILABLE, and after three times nobody is asked any more") {
  const S3Bucket bucket;
  FakeClock clock;
  S3ObjectStore store(bucket.Options(), clock);
  const auto failure = GENERATE(as<std::string>(), "slow-down", "cut", "wrong-etag");
  for (int i = 0; i < rpc::Breaker::kFailures; ++i) {
    CHECK(absl::IsUnavailable(store.Put(failure + "/k", "bytes")));
  }
  const absl::Status open = store.Put("fine", "bytes");
  CHECK(absl::IsUnavailable(open));
  CHECK(DetailsOf(open).retry_after_ms > 0);
  clock.Advance(rpc::Breaker::kOpenFor);
  CHECK_THAT(store.Put("fine", "bytes"), IsOk());
}

TEST_CASE("a store that never answers costs no more than its time") {
  const S3Bucket bucket;
  S3Options options = bucket.Options();
  options.timeout = std::chrono::milliseconds(400);
  S3ObjectStore store(options, SystemClock());
  const Instant begin = SystemClock().Steady();
  CHECK(absl::IsUnavailable(store.Get("stall/k").status()));
  CHECK(SystemClock().Steady() - begin < std::chrono::seconds(5));
}

TEST_CASE("a store that is down is UNAVAILABLE") {
  S3Bucket bucket;
  S3ObjectStore store(bucket.Options(), SystemClock());
  REQUIRE_THAT(store.Put("k", "bytes"), IsOk());
  bucket.Stop();
  CHECK(absl::IsUnavailable(store.Get("k").status()));
  CHECK(absl::IsUnavailable(store.Put("k", "bytes")));
}

TEST_CASE("documents lie sealed, and open for their owner and in their place alone") {
  MemoryObjectStore objects;
  const Sealer sealer({.current = std::string(32, 'k')}, SystemRandom());
  SealedDocuments documents(objects, sealer);
  REQUIRE_THAT(documents.Put(17, "kyc/17/A", "the passport"), IsOk());
  CHECK(objects.At("kyc/17/A").find("passport") == std::string::npos);
  CHECK(*documents.Get(17, "kyc/17/A") == "the passport");
  CHECK_FALSE(documents.Get(18, "kyc/17/A").ok());

  REQUIRE_THAT(objects.Put("kyc/17/B", objects.At("kyc/17/A")), IsOk());
  CHECK_FALSE(documents.Get(17, "kyc/17/B").ok());
  objects.At("kyc/17/A").back() ^= 1;
  CHECK_FALSE(documents.Get(17, "kyc/17/A").ok());
  CHECK(absl::IsNotFound(documents.Get(17, "kyc/17/C").status()));
}

}  // namespace
}  // namespace papertape::auth
