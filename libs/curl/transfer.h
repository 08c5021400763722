// One transfer by libcurl, whatever the protocol: its options, the bytes that it sends, those that it receives, and one
// deadline over all of it, the look-up of the name and the handshakes included. No signals, TLS 1.2 or later, verified
// certificates. Handles is thread-safe, a Transfer is not.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace papertape::curl {

struct Cleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Cleanup>;

// Handles at rest, each with the connection of its last transfer.
class Handles {
 public:
  // 0: every transfer makes a connection of its own.
  explicit Handles(std::size_t most_idle);

 private:
  friend class Transfer;
  Handle Borrow();
  void GiveBack(Handle handle);

  const std::size_t most_idle_;
  std::mutex mutex_;
  std::vector<Handle> idle_;
};

class Transfer {
 public:
  struct Target {
    std::string url;
    const char* protocols;           // "http,https": a URL of any other is refused
    std::chrono::milliseconds time;  // for the whole transfer
    std::size_t most_received = 0;   // bytes of an answer's body; more fails the transfer
  };
  // `handles` outlives the transfer.
  Transfer(Handles& handles, const Target& target);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void Set(CURLoption option, long value);
  void Set(CURLoption option, const std::string& value);
  // Adds a line to a list: a header to CURLOPT_HTTPHEADER, a recipient to CURLOPT_MAIL_RCPT.
  void AddLine(CURLoption list, const std::string& line);
  // Uploads `bytes`, which are not copied. libcurl may ask for them again: a connection that had rested may be gone.
  void Send(std::string_view bytes);

  // Blocks. Once.
  CURLcode Perform();

  // What the server said last: the status of HTTP, the reply code of SMTP; 0 when it said nothing.
  [[nodiscard]] long reply() const { return reply_; }
  [[nodiscard]] std::string& received() { return received_; }
  // The value of a header of the answer, whatever the case of its name; empty when there is none.
  [[nodiscard]] const std::string& header(const std::string& lower_case_name) { return headers_[lower_case_name]; }

 private:
  static std::size_t Read(char* out, std::size_t size, std::size_t count, void* self);
  static int Seek(void* self, curl_off_t offset, int origin);
  static std::size_t Write(char* bytes, std::size_t size, std::size_t count, void* self);
  void ReadHeaders();

  Handles& handles_;
  Handle handle_;
  std::map<CURLoption, std::unique_ptr<curl_slist, Cleanup>> lists_;
  std::string_view sent_;
  std::size_t position_ = 0;
  const std::size_t most_received_;
  std::string received_;
  long reply_ = 0;
  std::map<std::string, std::string> headers_;  // lower-case names
};

}  // namespace papertape::curl
