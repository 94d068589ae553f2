/**
 * The SSM document that freezes and thaws file systems. Its parameters reach the script only in forms that cannot be code.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
 */
export function freezeDocument(): object {
  return {
    schemaVersion: '2.2',
    description: 'Freezes file systems for a snapshot, with a timer that thaws them by itself; or thaws them.',
    parameters: {
      Action: { type: 'String', description: 'freeze or thaw', allowedPattern: '^(freeze|thaw)$' },
      MountPoints: {
        type: 'String',
        description: 'Where the file systems are mounted, separated by spaces',
        allowedPattern: '^/[A-Za-z0-9._/-]+( /[A-Za-z0-9._/-]+)*$',
      },
      LimitSeconds: { type: 'String', description: 'When the timer thaws them', allowedPattern: '^[1-9][0-9]{1,2}$' },
    },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'freezeOrThaw',
        precondition: { StringEquals: ['platformType', 'Linux'] },
        inputs: { timeoutSeconds: '60', runCommand: SCRIPT.trim().split('\n') },
      },
    ],
  };
}

/**
 * POSIX shell. The timer is armed before anything is frozen, and belongs to these mount points: another freeze of the same ones takes its
 * place. It is systemd's, or a process of its own session, so that it outlives this command and the agent.
 */
const SCRIPT = `
set -u
action='{{ Action }}'
mounts='{{ MountPoints }}'
limit='{{ LimitSeconds }}'
unit="bitbucket-rolling-upgrade-thaw-$(echo "$mounts" | cksum | cut -d ' ' -f 1)"
pid="/run/$unit.pid"
thaw_all="for mount in $mounts; do fsfreeze -u \\"\\$mount\\"; done"

disarm() {
  if command -v systemd-run > /dev/null 2>&1; then
    systemctl stop "$unit.timer" > /dev/null 2>&1
    systemctl reset-failed "$unit.timer" "$unit.service" > /dev/null 2>&1
  fi
  if [ -f "$pid" ]; then
    kill -- "-$(cat "$pid")" > /dev/null 2>&1
    rm -f "$pid"
  fi
}

arm() {
  disarm
  if command -v systemd-run > /dev/null 2>&1; then
    systemd-run --quiet --unit="$unit" --on-active="$limit" --timer-property=AccuracySec=1s /bin/sh -c "$thaw_all" && return 0
  fi
  setsid sh -c "sleep $limit; $thaw_all" > /dev/null 2>&1 < /dev/null &
  echo $! > "$pid"
  kill -0 $!
}

freeze() {
  for mount in $mounts; do
    if ! mountpoint -q "$mount"; then
      echo "nothing is mounted at $mount" >&2
      exit 1
    fi
  done
  if ! arm; then
    echo 'the timer that thaws could not be armed: nothing is frozen' >&2
    exit 1
  fi
  frozen=''
  for mount in $mounts; do
    if ! fsfreeze -f "$mount"; then
      echo "$mount could not be frozen" >&2
      for other in $frozen; do fsfreeze -u "$other"; done
      exit 1
    fi
    frozen="$frozen $mount"
    echo "frozen $mount"
  done
}

thaw() {
  status=0
  for mount in $mounts; do
    if fsfreeze -u "$mount" 2> /dev/null; then
      echo "thawed $mount"
    else
      echo "was not frozen $mount"
      status=3
    fi
  done
  disarm
  exit $status
}

"$action"
`;
