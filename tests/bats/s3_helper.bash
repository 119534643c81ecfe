# Loaded by the Bats files that need an S3 server: versitygw, over a folder of the file's own.
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"
# shellcheck source=gates/lib/versitygw.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/versitygw.sh"

# Each folder in $s3_root is a bucket.
s3_up() {
  local port
  versitygw_prepare
  ports_take port
  export s3_root=$BATS_FILE_TMPDIR/s3
  mkdir -p "$s3_root"
  export AWS_ENDPOINT_URL=http://127.0.0.1:$port
  export AWS_ACCESS_KEY_ID=the-access-key AWS_SECRET_ACCESS_KEY=the-secret-key
  "$versitygw_server" --port "127.0.0.1:$port" --access "$AWS_ACCESS_KEY_ID" \
    --secret "$AWS_SECRET_ACCESS_KEY" --quiet posix "$s3_root" >"$BATS_FILE_TMPDIR/s3.log" 2>&1 3>&- &
  export s3_pid=$!
  until (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do kill -0 "$s3_pid"; done
}

s3_down() {
  kill "$s3_pid"
}
