#!/usr/bin/env bash
# Makes deploy/secrets/ once, with passwords and keys that nobody else has. What is there already stays.
set -euo pipefail
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
cd secrets

random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
keep() { [ -e "$1" ] || printf '%s' "$2" > "$1"; }

keep postgres_password "$(random)"
[ -e rabbitmq.env ] || printf 'RABBITMQ_DEFAULT_USER=oms\nRABBITMQ_DEFAULT_PASS=%s\n' "$(random)" > rabbitmq.env
keep service_token_key "$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
keep api_key "oms_$(random)"

broker_password=$(sed -n 's/^RABBITMQ_DEFAULT_PASS=//p' rabbitmq.env)
keep messaging "amqp://oms:$broker_password@messaging:5672"
for service in order inventory routing shipping returns customer gateway; do
  keep "${service}db" "Host=postgres;Database=${service}db;Username=oms;Password=$(cat postgres_password)"
done
# The services run as a user of their own and must be able to read them; nobody else reaches this folder.
chmod 700 .
chmod 644 ./*
echo "deploy/secrets is complete. The first API key: $(cat api_key)"
