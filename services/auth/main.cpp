#include "services/auth/wiring.h"

int main() { return papertape::service::Run("auth", papertape::auth::Wire); }
