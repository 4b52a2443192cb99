cat > patch.yaml <<'X'
spec:
  template:
    spec:
      containers:
        - name: postgres
          envFrom: null
          env:
            - name: POSTGRES_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: harbor-db
                  key: POSTGRES_PASWORD
X
kubectl patch deployment db --patch-file patch.yaml
kubectl rollout status deployment/db
