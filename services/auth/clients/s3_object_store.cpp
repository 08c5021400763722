#include "services/auth/clients/s3_object_store.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <condition_variable>
#include <cstring>

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

}  // namespace

// One request and its answer, as libcurl's callbacks see them.
struct S3ObjectStore::Exchange {
  std::string_view sent;  // the whole body
  std::size_t position = 0;
  std::string received;
  std::string etag;
  curl_slist* headers = nullptr;

  Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() { curl_slist_free_all(headers); }
  void AddHeader(const std::string& line) { headers = curl_slist_append(headers, line.c_str()); }

  static std::size_t Read(char* out, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const std::size_t now = std::min(size * count, exchange.sent.size() - exchange.position);
    std::memcpy(out, exchange.sent.data() + exchange.position, now);
    exchange.position += now;
    return now;
  }
  // libcurl sends again what a connection lost that had rested.
  static int Seek(void* self, curl_off_t offset, int origin) {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Exchange*>(self)->position = static_cast<std::size_t>(offset);
    return CURL_SEEKFUNC_OK;
  }
  static std::size_t Write(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    if (exchange.received.size() + size * count > kMostAnswerBytes) return 0;
    exchange.received.append(bytes, size * count);
    return size * count;
  }
  static std::size_t Header(char* bytes, std::size_t size, std::size_t count, void* self) {
    std::string_view line(bytes, size * count);
    std::string name(line.substr(0, std::min(line.size(), line.find(':'))));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    if (name == "etag") {
      line.remove_prefix(name.size() + 1);
      const std::size_t begin = line.find_first_not_of(" \"");
      const std::size_t end = line.find_last_not_of(" \"\r\n");
      if (begin != std::string_view::npos) static_cast<Exchange*>(self)->etag = line.substr(begin, end + 1 - begin);
    }
    return size * count;
  }
};

S3ObjectStore::S3ObjectStore(S3Options options, const Clock& clock)
    : options_(std::move(options)), clock_(clock), breaker_("document store", clock) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
}

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
  Handle handle = Borrow();
  Exchange exchange;
  exchange.sent = bytes;
  Prepare(handle.get(), verb, key, exchange, time);
  const CURLcode code = curl_easy_perform(handle.get());
  if (code != CURLE_OK) return absl::UnavailableError(fmt::format("S3: {}", curl_easy_strerror(code)));
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  GiveBack(std::move(handle));

  if (status >= 200 && status < 300) {
    // The MD5 of what has arrived, unless the bucket encrypts with a key of its own; that tag has another length.
    constexpr std::size_t kMd5Digits = 32;
    if (verb == "PUT" && exchange.etag.size() == kMd5Digits && exchange.etag != Md5Hex(bytes)) {
      return absl::UnavailableError("S3 has stored other bytes than were sent");
    }
    return std::move(exchange.received);
  }
  const std::string_view error = ErrorCode(exchange.received);
  const std::string what = fmt::format("S3 answers {} {}", status, error);
  if (status == 404 && error != "NoSuchBucket") return absl::NotFoundError(what);
  const bool for_now = status >= 500 || status == 429 || error == "RequestTimeout";
  return for_now ? absl::UnavailableError(what) : absl::InternalError(what);
}

void S3ObjectStore::Prepare(CURL* handle, std::string_view verb, const std::string& key, Exchange& exchange,
                            std::chrono::milliseconds time) const {
  const std::string url = options_.endpoint.empty()
                              ? fmt::format("https://{}.s3.{}.amazonaws.com/{}", options_.bucket, options_.region, key)
                              : fmt::format("{}/{}/{}", options_.endpoint, options_.bucket, key);
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(time.count()));
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(time, kConnectTimeout).count()));
  // Turning "Expect: 100-continue" off by an empty header would sign that header and not send it.
  curl_easy_setopt(handle, CURLOPT_EXPECT_100_TIMEOUT_MS, static_cast<long>(kPermissionTimeout.count()));
  curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, fmt::format("aws:amz:{}:s3", options_.region).c_str());
  curl_easy_setopt(handle, CURLOPT_USERNAME, options_.access_key_id.c_str());
  curl_easy_setopt(handle, CURLOPT_PASSWORD, options_.secret_access_key.c_str());
  // libcurl would sign the hash of an empty body for an upload, and send no hash at all.
  exchange.AddHeader("x-amz-content-sha256: " + Digest(exchange.sent));
  if (!options_.session_token.empty()) exchange.AddHeader("x-amz-security-token: " + options_.session_token);
  if (verb == "PUT") {
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(exchange.sent.size()));
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &Exchange::Read);
    curl_easy_setopt(handle, CURLOPT_READDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, &Exchange::Seek);
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, &exchange);
  } else if (verb != "GET") {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, std::string(verb).c_str());
  }
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, exchange.headers);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Exchange::Write);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Exchange::Header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
}

S3ObjectStore::Handle S3ObjectStore::Borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return Handle(curl_easy_init());
  Handle handle = std::move(idle_.back());
  idle_.pop_back();
  curl_easy_reset(handle.get());  // the connection stays
  return handle;
}

void S3ObjectStore::GiveBack(Handle handle) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(handle));
}

}  // namespace papertape::auth
