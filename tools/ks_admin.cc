#include "lib/admin/tools.h"

int main(int argc, char** argv) { return ks::tool::main_of(ks::admin::admin_tool(), argc, argv); }
