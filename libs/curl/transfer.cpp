#include "libs/curl/transfer.h"

#include <algorithm>
#include <cctype>

namespace papertape::curl {

Handles::Handles(std::size_t most_idle) : most_idle_(most_idle) {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(initialized);
}

Handle Handles::Borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return Handle(curl_easy_init());
  Handle handle = std::move(idle_.back());
  idle_.pop_back();
  curl_easy_reset(handle.get());  // the connection stays
  return handle;
}

void Handles::GiveBack(Handle handle) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < most_idle_) idle_.push_back(std::move(handle));
}

Transfer::Transfer(Handles& handles, const Target& target)
    : handles_(handles), handle_(handles.Borrow()), most_received_(target.most_received) {
  Set(CURLOPT_URL, target.url);
  Set(CURLOPT_PROTOCOLS_STR, target.protocols);
  Set(CURLOPT_NOSIGNAL, 1);
  Set(CURLOPT_TIMEOUT_MS, static_cast<long>(target.time.count()));
  Set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(handle_.get(), CURLOPT_WRITEFUNCTION, &Write);
  curl_easy_setopt(handle_.get(), CURLOPT_WRITEDATA, this);
}

void Transfer::Set(CURLoption option, long value) { curl_easy_setopt(handle_.get(), option, value); }

void Transfer::Set(CURLoption option, const std::string& value) {
  curl_easy_setopt(handle_.get(), option, value.c_str());
}

void Transfer::AddLine(CURLoption list, const std::string& line) {
  auto& head = lists_[list];
  // The head stays what it was once there is one.
  head.reset(curl_slist_append(head.release(), line.c_str()));
}

void Transfer::Send(std::string_view bytes) {
  sent_ = bytes;
  Set(CURLOPT_UPLOAD, 1);
  curl_easy_setopt(handle_.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(bytes.size()));
  curl_easy_setopt(handle_.get(), CURLOPT_READFUNCTION, &Read);
  curl_easy_setopt(handle_.get(), CURLOPT_READDATA, this);
  curl_easy_setopt(handle_.get(), CURLOPT_SEEKFUNCTION, &Seek);
  curl_easy_setopt(handle_.get(), CURLOPT_SEEKDATA, this);
}

CURLcode Transfer::Perform() {
  if (handle_ == nullptr) return CURLE_OUT_OF_MEMORY;
  for (const auto& [option, list] : lists_) curl_easy_setopt(handle_.get(), option, list.get());
  const CURLcode code = curl_easy_perform(handle_.get());
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &reply_);
  if (code != CURLE_OK) return code;  // nobody knows what the connection is good for
  ReadHeaders();
  handles_.GiveBack(std::move(handle_));
  return code;
}

void Transfer::ReadHeaders() {
  for (curl_header* header = nullptr;;) {
    header = curl_easy_nextheader(handle_.get(), CURLH_HEADER, -1, header);
    if (header == nullptr) return;
    std::string name = header->name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    headers_[name] = header->value;
  }
}

std::size_t Transfer::Read(char* out, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view now = transfer.sent_.substr(transfer.position_, size * count);
  std::copy(now.begin(), now.end(), out);
  transfer.position_ += now.size();
  return now.size();
}

int Transfer::Seek(void* self, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(self)->position_ = static_cast<std::size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

std::size_t Transfer::Write(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.received_.size() + size * count > transfer.most_received_) return 0;
  transfer.received_.append(bytes, size * count);
  return size * count;
}

}  // namespace papertape::curl
