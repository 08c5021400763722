// What every MailQueue keeps to. `queue` is empty at first.
#pragma once

#include "services/notification/domain/mail.h"

namespace papertape::notification {

void CheckMailQueueContract(MailQueue& queue);

}  // namespace papertape::notification
