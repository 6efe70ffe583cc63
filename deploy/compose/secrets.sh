#!/bin/sh
# Makes the secrets of compose.yaml, one file each, and from them the files that hold one in another
# form: addresses, and configurations of NATS and coturn. Run it before the first start, after each
# upgrade, and when you have changed one; what is there stays, what is made of it is made anew.
#
#   sh secrets.sh [folder]     # ./secrets beside this file unless said
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=${1:-$here/secrets}

# Nobody else on this machine can enter the folder. The files in it may be read by all, because Compose
# mounts them as they are, and each container has a user of its own that this machine does not know.
mkdir -p "$folder"
chmod 0700 "$folder"
umask 022

for name in token-secret api-keys postgres-password nats-token turn-secret; do
  if [ ! -s "$folder/$name" ]; then
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > "$folder/$name"
  fi
done

# What stands in an address or in a configuration must need no quoting there.
plain() {
  value=$(cat "$folder/$1")
  case $value in
    '' | *[!A-Za-z0-9_-]*)
      echo "$folder/$1: must be letters, digits, _ and - in one line; make one with: openssl rand -hex 32" >&2
      exit 1
      ;;
  esac
}

# Written into the file that is there, so that containers which have it mounted see it.
plain postgres-password
printf 'postgres://ringline:%s@postgres:5432/ringline' "$value" > "$folder/database-url"
plain nats-token
printf 'nats://%s@nats:4222' "$value" > "$folder/nats-url"
printf 'token: "%s"\n' "$value" > "$folder/nats-token.conf"

# While turn-secret is changed, coturn takes the one before as well: turn-secret-before.
cat "$here/../coturn/turnserver.conf" > "$folder/turnserver.conf"
for name in turn-secret turn-secret-before; do
  if [ -e "$folder/$name" ]; then
    plain "$name"
    printf 'static-auth-secret=%s\n' "$value" >> "$folder/turnserver.conf"
  fi
done
