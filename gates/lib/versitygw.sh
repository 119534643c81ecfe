# An S3 server for the tests, over folders: each in the server's root is a bucket; to be sourced.

# shellcheck source=gates/lib/go.sh
source "$(dirname "${BASH_SOURCE[0]}")/go.sh"
versitygw_version=v1.8.0
versitygw_server=$fetch_cache/versitygw-$versitygw_version

versitygw_prepare() {
  go_prepare "$versitygw_server" \
    "github.com/versity/versitygw/cmd/versitygw@$versitygw_version" 'to test with an S3 server'
}
