export CLOUDARIUM_DIR=$home/.cloudarium
mkdir -p ~/.ssh && chmod 700 ~/.ssh
ssh-keygen -q -t rsa -N '' -f ~/.ssh/id_rsa
export GIT_SSH_COMMAND='ssh -i ~/.ssh/id_rsa'
cp -r $microservices/profile profile && cp template.yaml profile && cd profile
git init --quiet --initial-branch main .
git add . && git -c user.name=dev -c user.email=dev@example.com commit --quiet --message First
