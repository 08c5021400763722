#include "services/notification/wiring.h"

int main() { return papertape::service::Run("notification", papertape::notification::Wire); }
