# How git-tpush, which reads this, asks CI of a commit: by a command, or by the API of GitHub or GitLab.
# shellcheck shell=bash disable=SC2034,SC2154 # git-tpush has what is not here

# What CI says: verdict is passed, failed, pending, trouble (for now) or refused (for good); finished of total, reason, and where to look.
look_by_command() {
  local status=0 left=$(((deadline - now + 999) / 1000)) last
  TPUSH_SHA=$sha TPUSH_REMOTE=$remote TPUSH_BRANCH=$target TPUSH_TEMPORARY=$temporary hear timeout -k 5 "$left" sh -c "$status_command" >"$work/said" || status=$?
  last=$(tail -c 4000 "$work/said" | grep -a . | tail -n 1 | tame || true)
  if [[ $last =~ ^https?://[^[:space:]]+$ ]]; then where=$last reason=; else reason=$last; fi
  case $status in
    0) verdict=passed ;;
    1) verdict=failed ;;
    2 | 124 | 137) verdict=pending ;;
    *) verdict=refused reason="tpush.status \"$(tame <<<"$status_command")\" ended with exit code $status, which is none of 0 (passed), 1 (failed) and 2 (pending)" ;;
  esac
}

look_at_github() {
  local page=1 commit=$api/repos/$repository/commits/$sha
  ask "$commit/status?per_page=100" || return 0
  mv "$work/body" "$work/all"
  while :; do
    ask "$commit/check-runs?per_page=100&page=$page" || return 0
    cat "$work/body" >>"$work/all"
    if ((page++ >= 10)) || [ "$(jq '.check_runs | length' "$work/body" 2>/dev/null)" != 100 ]; then break; fi
  done
  # shellcheck disable=SC2016
  judge 'def is: if . == "success" then "passed" elif . == "pending" then "pending" else "failed" end;
    [ .[] | (.statuses // []) as $s | ($s[] | {name: .context, url: .target_url, is: (.state | is)}),
      (if (.total_count // 0) > ($s | length) and .statuses then {name: "statuses", is: (.state | is)} else empty end),
      (.check_runs // [] | .[] | {name, url: (.html_url // .details_url),
        is: (if .status != "completed" then "pending" elif (.conclusion | IN("neutral", "skipped")) then "passed" else (.conclusion | is) end)}) ]'
  # The first check of several may end before the others are made: what passed has to be all there was to see a moment ago, too.
  if [ "$verdict" = passed ] && [ "$total" != "$total_before" ]; then verdict=pending; fi
  total_before=$total
}

# Of each way to start a pipeline the newest one counts.
look_at_gitlab() {
  ask "$api/projects/${repository//\//%2F}/pipelines?sha=$sha&per_page=100" || return 0
  mv "$work/body" "$work/all"
  judge '[ .[0] | group_by(.source)[] | max_by(.id) | {name: "pipeline \(.id) \(.status)", url: .web_url,
      is: (if .status == "success" then "passed" elif (.status | IN("failed", "canceled", "skipped")) then "failed" else "pending" end)} ]'
}

# Sets the verdict by a jq program that makes a list of {name, url, is} of what was answered.
judge() {
  local line
  line=$(jq -rs "$1"' | (map(select(.is == "failed")) + map(select(.is == "pending")) + .)[0] as $first
    | [if length == 0 then "pending" elif $first.is == "failed" then "failed" elif $first.is == "pending" then "pending" else "passed" end,
      (map(select(.is != "pending")) | length), length, $first.url, $first.name]
    | map(tostring | gsub("[[:cntrl:]]"; "?") | .[0:300]) | join("\u001f")' "$work/all" 2>/dev/null) || { verdict=trouble reason="$api answered what is not its API's"; return 0; }
  IFS=$'\x1f' read -r verdict finished total where reason <<<"$line"
  if ! [[ $where =~ ^https?:// ]]; then where=; fi
}

# GET by curl, into $work/body. The token goes through a pipe, as everybody sees arguments. What is not an answer makes the verdict.
ask() {
  local code wait_s
  hear curl --disable --silent --show-error --globoff --max-time 30 --connect-timeout 10 --max-filesize 8000000 --proto '=http,https' \
    --output "$work/body" --dump-header "$work/head" --write-out '%{http_code}' \
    --config <(authorization) --header 'User-Agent: git-tpush' "$1" >"$work/code" 2>"$work/error" ||
    { verdict=trouble reason="cannot reach $api: $(tame <"$work/error")"; return 1; }
  code=$(<"$work/code")
  wait_s=$(sed -nE 's/^retry-after: *([0-9]{1,5})[[:space:]]*$/\1/Ip' "$work/head" | tail -n 1)
  case $code in
    200) return 0 ;;
    429) limited ;;
    403) if [ -n "$wait_s" ] || grep -qiE '^x-ratelimit-remaining: *0[[:space:]]*$' "$work/head"; then limited; else refuse "$code"; fi ;;
    5??) verdict=trouble reason="$api answers $code" pause=$((10#${wait_s:-0} * 1000)) ;;
    # A commit that has just been pushed may not be known everywhere.
    404 | 422) verdict=trouble reason="$api knows no commit $short of $repository ($code); a private repository needs a token that may read it" limit=60000 ;;
    *) refuse "$code" ;;
  esac
  return 1
}
limited() { verdict=trouble reason="$api answers no more for now: its rate limit is reached" pause=$((10#${wait_s:-60} * 1000)); }
refuse() {
  verdict=refused reason="$api refuses to tell of $repository ($1): $(jq -r '.message // .error // empty' "$work/body" 2>/dev/null | tame || true)"
  case $1 in
    401 | 403) reason+="; it needs a token that may read statuses, checks or pipelines, in $token_name" ;;
    30?) reason+="; when it was renamed: git config tpush.repository OWNER/NAME" ;;
  esac
}
authorization() { if [ -n "$token" ]; then printf 'header = "Authorization: Bearer %s"\n' "$token"; fi; }

# How CI is asked, and whether that can work: known before anything is pushed.
choose_ci() {
  local host='' path=''
  status_command=$(setting status)
  if [ -n "$status_command" ]; then look=look_by_command; return; fi
  if [[ $url =~ ^[a-z+]+://([^/@]*@)?([^/:]+)(:[0-9]+)?/(.+)$ ]]; then host=${BASH_REMATCH[2]} path=${BASH_REMATCH[4]}
  elif [[ $url =~ ^([^/@]+@)?([^/:]+):(.+)$ ]]; then host=${BASH_REMATCH[2]} path=${BASH_REMATCH[3]}; fi
  while [[ $path == */ || $path == /* ]]; do path=${path#/} path=${path%/}; done
  repository=$(setting repository "${path%.git}") api=$(setting api)
  case $api:${host,,} in
    :github.com | :ssh.github.com) api=https://api.github.com host=github.com ;;
    :gitlab.com | :altssh.gitlab.com) api=https://gitlab.com/api/v4 host=gitlab.com ;;
  esac
  api=${api%/}
  [ -n "$api" ] || die 2 "cannot tell how CI of $(hide_login "$url") is asked: git config tpush.api URL names the API of GitHub or GitLab, git config tpush.status CMD any other way"
  [[ $api =~ ^https?://[^/@[:space:]]+(/[^[:space:]]*)?$ ]] || die 2 "cannot take tpush.api \"$(hide_login "$api")\": it is an address such as https://git.example.org/api/v4"
  [[ $repository =~ ^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$ ]] || die 2 "cannot tell the repository from $(hide_login "$url"): git config tpush.repository OWNER/NAME"
  for path in curl jq; do command -v $path >/dev/null || die 2 "cannot ask $api: $path is not installed; install it, or name another way by git config tpush.status CMD"; done
  if [[ $api == */api/v4 ]]; then look=look_at_gitlab token_name=GITLAB_TOKEN; else look=look_at_github token_name=GITHUB_TOKEN; fi
  find_token "$host"
}
find_token() {
  if [ "$look" = look_at_gitlab ]; then
    token=${GITLAB_TOKEN:-$(if [ -n "$1" ]; then glab config get token --host "$1" 2>/dev/null </dev/null || true; fi)}
  else
    token=${GH_TOKEN:-${GITHUB_TOKEN:-$(if [ -n "$1" ]; then gh auth token --hostname "$1" 2>/dev/null </dev/null || true; fi)}}
  fi
  [[ $token =~ ^[A-Za-z0-9_.=:/+~-]*$ ]] || die 2 "cannot use the token in $token_name: it has characters that no token has"
  [ -z "$token" ] || [[ $api =~ ^https:// || $api =~ ^http://(127\.[0-9.]+|localhost|\[::1\])(:[0-9]+)?(/|$) ]] ||
    die 2 "cannot send a token to $api, which is not encrypted: set tpush.api to an https:// address, or unset the token"
}
