#include "services/notification/domain/mail_message.h"

#include <algorithm>
#include <array>

#include "fmt/format.h"

namespace papertape::notification {
namespace {

constexpr std::size_t kWordBytes = 45;     // of text in one encoded-word: 60 in base 64, 72 with its frame (75 at most)
constexpr std::size_t kPlainSubject = 68;  // fits a line of 78 behind "Subject: "
constexpr std::size_t kQuotedLine = 76;    // RFC 2045, 6.7, rule 5
constexpr char kHex[] = "0123456789ABCDEF";

bool IsPrintable(char c) { return c >= 0x20 && c < 0x7F; }
bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::string Base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = (bits << 8U) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += i + j > bytes.size() ? '=' : kDigits[(bits >> (18U - 6U * static_cast<unsigned>(j))) & 63U];
    }
  }
  return text;
}

// As many bytes as fit one encoded-word, never a part of a character.
std::size_t WordLength(std::string_view text) {
  if (text.size() <= kWordBytes) return text.size();
  std::size_t length = kWordBytes;
  while (length > 1 && IsContinuation(text[length])) --length;
  return length;
}

// Collects quoted-printable and breaks lines that grow too long.
class QuotedLines {
 public:
  void Add(char c, bool literal) {
    const std::size_t width = literal ? 1 : 3;
    if (line_ + width > kQuotedLine - 1) {  // the last place is the soft break's
      out_ += "=\r\n";
      line_ = 0;
    }
    if (literal) {
      out_ += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out_ += '=';
      out_ += kHex[byte >> 4U];
      out_ += kHex[byte & 15U];
    }
    line_ += width;
  }
  void EndLine() {
    out_ += "\r\n";
    line_ = 0;
  }
  [[nodiscard]] bool AtLineStart() const { return line_ == 0; }
  std::string Finish() { return std::move(out_); }

 private:
  std::string out_;
  std::size_t line_ = 0;
};

}  // namespace

std::string MailDate(Timestamp time) {
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string HeaderText(std::string_view utf8) {
  const bool is_plain = utf8.size() <= kPlainSubject && std::all_of(utf8.begin(), utf8.end(), IsPrintable) &&
                        utf8.find("=?") == std::string_view::npos;
  if (is_plain) return std::string(utf8);
  std::string text;
  while (!utf8.empty()) {
    const std::size_t length = WordLength(utf8);
    if (!text.empty()) text += "\r\n ";
    text += fmt::format("=?UTF-8?B?{}?=", Base64(utf8.substr(0, length)));
    utf8.remove_prefix(length);
  }
  return text;
}

std::string QuotedPrintable(std::string_view utf8) {
  QuotedLines lines;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const char c = utf8[i];
    if (c == '\n') {
      lines.EndLine();
      continue;
    }
    // A blank at a line's end would be lost on the way.
    const bool ends_line = i + 1 == utf8.size() || utf8[i + 1] == '\n';
    lines.Add(c, IsPrintable(c) && c != '=' && !(c == ' ' && ends_line));
  }
  if (!lines.AtLineStart()) lines.EndLine();
  return lines.Finish();
}

std::string ComposeMessage(const Mail& mail, std::string_view from, Timestamp date) {
  const std::string_view domain = from.substr(from.find('@') + 1);
  std::string message;
  const auto header = [&message](std::string_view name, std::string_view value) {
    message += fmt::format("{}: {}\r\n", name, value);
  };
  header("Date", MailDate(date));
  header("From", fmt::format("Papertape <{}>", from));
  header("To", fmt::format("<{}>", mail.to));
  header("Message-ID", fmt::format("<{}@{}>", mail.id, domain));
  header("Subject", HeaderText(mail.subject));
  header("Auto-Submitted", "auto-generated");  // RFC 3834: out-of-office programs keep quiet
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "quoted-printable");
  message += "\r\n";
  message += QuotedPrintable(mail.text);
  return message;
}

}  // namespace papertape::notification
