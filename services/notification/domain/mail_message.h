// A mail as it goes over the wire and into a file: RFC 5322 with MIME, all of it ASCII but for an address that is not.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "services/notification/domain/mail.h"

namespace papertape::notification {

// Header and body, lines ended by CRLF and at most 78 characters long but for addresses, no dots doubled yet. `from` is
// an address; the message's id is the mail's at `from`'s domain, the same whenever it is sent again. What a header may
// not hold is encoded, never copied.
std::string ComposeMessage(const Mail& mail, std::string_view from, Timestamp date);

// RFC 5322: "Mon, 02 Mar 2026 14:30:00 +0000".
std::string MailDate(Timestamp time);
// Unstructured text of a header: as it is when it is printable ASCII on one short line, else in encoded-words (RFC
// 2047).
std::string HeaderText(std::string_view utf8);
// RFC 2045, 6.7, with CRLF.
std::string QuotedPrintable(std::string_view utf8);

}  // namespace papertape::notification
