// Objects in an S3 bucket: AWS, or anything that speaks its protocol (MinIO, Ceph, Garage). Requests are signed by
// libcurl (Signature Version 4). Put, Get and Delete are idempotent by their key, so each is tried again while its time
// lasts; after three failures in a row a breaker answers for ten seconds. Thread-safe.
#pragma once

#include <chrono>
#include <string>

#include "libs/clock/clock.h"
#include "libs/curl/transfer.h"
#include "libs/rpc/breaker.h"
#include "services/auth/clients/object_store.h"

namespace papertape::auth {

struct S3Options {
  std::string bucket;
  std::string endpoint;  // "http://127.0.0.1:9000", the bucket in the path; empty: AWS, the bucket in the host's name
  std::string region = "us-east-1";
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;                 // of temporary credentials; empty: none
  std::chrono::milliseconds timeout{8'000};  // of a whole call, all tries together
};

class S3ObjectStore final : public ObjectStore {
 public:
  S3ObjectStore(S3Options options, const Clock& clock);

  absl::Status Put(const std::string& key, std::string_view bytes) override;
  absl::StatusOr<std::string> Get(const std::string& key) override;
  absl::Status Delete(const std::string& key) override;

 private:
  // The answer's body.
  absl::StatusOr<std::string> Call(std::string_view verb, const std::string& key, std::string_view bytes);
  absl::StatusOr<std::string> Try(std::string_view verb, const std::string& key, std::string_view bytes,
                                  std::chrono::milliseconds time);
  [[nodiscard]] std::string UrlOf(const std::string& key) const;
  void Prepare(curl::Transfer& transfer, std::string_view verb, std::string_view bytes,
               std::chrono::milliseconds time) const;

  const S3Options options_;
  const Clock& clock_;
  rpc::Breaker breaker_;
  curl::Handles handles_;
};

}  // namespace papertape::auth
