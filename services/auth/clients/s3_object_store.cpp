#include "services/auth/clients/s3_object_store.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>

#include "fmt/format.h"
#include "libs/auth/keyed_hash.h"
#include "libs/ids/hex.h"
#include "libs/log/log.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr int kTries = 3;
constexpr std::chrono::milliseconds kBetweenTries{100};
constexpr std::chrono::milliseconds kConnectTimeout{2'000};
constexpr std::chrono::milliseconds kPermissionTimeout{300};
constexpr std::size_t kMostAnswerBytes = std::size_t{16} << 20U;
constexpr std::size_t kMostIdle = 4;

void Pause(std::chrono::milliseconds time) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable().wait_for(lock, time);
}

std::string Md5Hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr);
  return ToHex({reinterpret_cast<const char*>(digest.data()), size});
}

// The text of <Code> in S3's error document.
std::string_view ErrorCode(std::string_view body) {
  const std::size_t begin = body.find("<Code>");
  if (begin == std::string_view::npos) return "";
  const std::string_view rest = body.substr(begin + 6);
  return rest.substr(0, std::min<std::size_t>(rest.find("</Code>"), 64));
}

std::string_view Unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

S3ObjectStore::S3ObjectStore(S3Options options, const Clock& clock)
    : options_(std::move(options)), clock_(clock), breaker_("document store", clock), handles_(kMostIdle) {}

absl::Status S3ObjectStore::Put(const std::string& key, std::string_view bytes) {
  return Call("PUT", key, bytes).status();
}

absl::StatusOr<std::string> S3ObjectStore::Get(const std::string& key) { return Call("GET", key, ""); }

absl::Status S3ObjectStore::Delete(const std::string& key) {
  const absl::Status status = Call("DELETE", key, "").status();
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

absl::StatusOr<std::string> S3ObjectStore::Call(std::string_view verb, const std::string& key, std::string_view bytes) {
  if (!IsObjectKey(key)) return absl::InvalidArgumentError("not an object's key");
  PT_RETURN_IF_ERROR(breaker_.Allow());
  const Instant end = clock_.Steady() + options_.timeout;
  absl::StatusOr<std::string> answer = absl::UnavailableError("no time was left");
  for (int left = kTries; left > 0; --left) {
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(end - clock_.Steady());
    if (time <= kBetweenTries) break;
    answer = Try(verb, key, bytes, time);
    if (!absl::IsUnavailable(answer.status())) break;
    if (left > 1) Pause(kBetweenTries);
  }
  breaker_.Record(absl::IsUnavailable(answer.status()));
  if (!answer.ok() && !absl::IsNotFound(answer.status())) {
    log::Warning("the document store fails", {{"verb", verb}, {"detail", MessageOf(answer.status())}});
  }
  return answer;
}

absl::StatusOr<std::string> S3ObjectStore::Try(std::string_view verb, const std::string& key, std::string_view bytes,
                                               std::chrono::milliseconds time) {
  curl::Transfer transfer(
      handles_, {.url = UrlOf(key), .protocols = "http,https", .time = time, .most_received = kMostAnswerBytes});
  Prepare(transfer, verb, bytes, time);
  if (const CURLcode code = transfer.Perform(); code != CURLE_OK) {
    return absl::UnavailableError(fmt::format("S3: {}", curl_easy_strerror(code)));
  }
  const long status = transfer.reply();
  if (status >= 200 && status < 300) {
    // The MD5 of what has arrived, unless the bucket encrypts with a key of its own; that tag has another length.
    constexpr std::size_t kMd5Digits = 32;
    const std::string_view etag = Unquoted(transfer.header("etag"));
    if (verb == "PUT" && etag.size() == kMd5Digits && etag != Md5Hex(bytes)) {
      return absl::UnavailableError("S3 has stored other bytes than were sent");
    }
    return std::move(transfer.received());
  }
  const std::string_view error = ErrorCode(transfer.received());
  const std::string what = fmt::format("S3 answers {} {}", status, error);
  if (status == 404 && error != "NoSuchBucket") return absl::NotFoundError(what);
  const bool for_now = status >= 500 || status == 429 || error == "RequestTimeout";
  return for_now ? absl::UnavailableError(what) : absl::InternalError(what);
}

std::string S3ObjectStore::UrlOf(const std::string& key) const {
  if (!options_.endpoint.empty()) return fmt::format("{}/{}/{}", options_.endpoint, options_.bucket, key);
  return fmt::format("https://{}.s3.{}.amazonaws.com/{}", options_.bucket, options_.region, key);
}

void S3ObjectStore::Prepare(curl::Transfer& transfer, std::string_view verb, std::string_view bytes,
                            std::chrono::milliseconds time) const {
  transfer.Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(time, kConnectTimeout).count()));
  // Turning "Expect: 100-continue" off by an empty header would sign that header and not send it.
  transfer.Set(CURLOPT_EXPECT_100_TIMEOUT_MS, static_cast<long>(kPermissionTimeout.count()));
  transfer.Set(CURLOPT_AWS_SIGV4, fmt::format("aws:amz:{}:s3", options_.region));
  transfer.Set(CURLOPT_USERNAME, options_.access_key_id);
  transfer.Set(CURLOPT_PASSWORD, options_.secret_access_key);
  // libcurl would sign the hash of an empty body for an upload, and send no hash at all.
  transfer.AddLine(CURLOPT_HTTPHEADER, "x-amz-content-sha256: " + Digest(bytes));
  if (!options_.session_token.empty()) {
    transfer.AddLine(CURLOPT_HTTPHEADER, "x-amz-security-token: " + options_.session_token);
  }
  if (verb == "PUT") {
    transfer.Send(bytes);
  } else if (verb != "GET") {
    transfer.Set(CURLOPT_CUSTOMREQUEST, std::string(verb));
  }
}

}  // namespace papertape::auth
