{{/* Names and parts that the templates share. Each is given a dictionary: root (the chart's context), name and program. */}}

{{- define "oms.name" -}}
{{ .root.Release.Name }}-{{ .name }}
{{- end }}

{{- define "oms.selector" -}}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/name: {{ .name }}
{{- end }}

{{- define "oms.labels" -}}
{{ include "oms.selector" . }}
app.kubernetes.io/part-of: oms
app.kubernetes.io/version: {{ .root.Values.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* What a pod is, whether it serves or brings a database up to date: without root, capabilities and a disk that it can write. */}}
{{- define "oms.pod" -}}
automountServiceAccountToken: false
# Otherwise Kubernetes would add a variable for each Service, such as OMS_ORDER_PORT, to what a program is told.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1654
  runAsGroup: 1654
  fsGroup: 1654
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
volumes:
  - name: secrets
    secret:
      secretName: {{ .root.Values.secretName }}
      defaultMode: 288 # 0440
      items:
        {{- range .program.secrets }}
        - { key: {{ . }}, path: {{ . }} }
        {{- end }}
  - name: tmp
    emptyDir: { sizeLimit: 1Gi }
{{- end }}

{{- define "oms.container" -}}
image: {{ printf "%s/%s:%s" .root.Values.image.prefix .name .root.Values.image.tag | quote }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
env:
  - { name: OMS_SECRETS, value: /run/secrets/oms }
  - { name: OTEL_SERVICE_NAME, value: {{ .name }} }
  {{- range .program.references }}
  {{- if not (hasKey $.root.Values.programs .) }}
  {{- fail (printf "programs.%s.references names %s, which is no program." $.name .) }}
  {{- end }}
  - { name: services__{{ . }}__http__0, value: "http://{{ include "oms.name" (dict "root" $.root "name" .) }}:8080" }
  {{- end }}
  {{- range $setting, $value := merge (dict) (.program.environment | default dict) (.root.Values.environment | default dict) }}
  - { name: {{ $setting }}, value: {{ $value | quote }} }
  {{- end }}
volumeMounts:
  - { name: secrets, mountPath: /run/secrets/oms, readOnly: true }
  - { name: tmp, mountPath: /tmp }
resources:
  {{- toYaml (.program.resources | default .root.Values.resources) | nindent 2 }}
{{- end }}
