cat > openapi.yaml <<'YAML'
openapi: 3.0.1
info: {title: pets, version: "1"}
paths:
  /:
    post:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}}
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}}
  /pets:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: "200"}}
x-amazon-apigateway-documentation:
  version: "1"
  documentationParts: [{location: {type: API}, properties: {description: Pets}}]
YAML
trust='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
role=$(aws iam create-role --role-name pets --assume-role-policy-document "$trust" --query Role.Arn --output text)
